//! Words of our own, for what the library does not have.

pub(super) const ADJECTIVES: [&str; 20] = [
    "Compact",
    "Classic",
    "Durable",
    "Elegant",
    "Ergonomic",
    "Foldable",
    "Generic",
    "Handmade",
    "Heavy",
    "Light",
    "Modern",
    "Modular",
    "Organic",
    "Practical",
    "Recycled",
    "Refined",
    "Rustic",
    "Sleek",
    "Smart",
    "Sturdy",
];

pub(super) const MATERIALS: [&str; 16] = [
    "Aluminum", "Bamboo", "Bronze", "Ceramic", "Concrete", "Cotton", "Glass", "Granite", "Leather", "Linen", "Marble", "Plastic", "Rubber",
    "Steel", "Wooden", "Woolen",
];

pub(super) const PRODUCTS: [&str; 24] = [
    "Backpack", "Bench", "Bottle", "Bowl", "Chair", "Clock", "Desk", "Gloves", "Hat", "Jacket", "Keyboard", "Knife", "Lamp", "Mouse",
    "Mug", "Pants", "Plate", "Shelf", "Shirt", "Shoes", "Table", "Towel", "Wallet", "Watch",
];

pub(super) const DEPARTMENTS: [&str; 16] = [
    "Automotive",
    "Baby",
    "Beauty",
    "Books",
    "Clothing",
    "Electronics",
    "Garden",
    "Grocery",
    "Health",
    "Home",
    "Jewelry",
    "Music",
    "Office",
    "Sports",
    "Tools",
    "Toys",
];

pub(super) const COLORS: [&str; 20] = [
    "amber", "black", "blue", "brown", "coral", "cyan", "gold", "gray", "green", "indigo", "ivory", "lime", "magenta", "olive", "orange",
    "pink", "purple", "red", "teal", "white",
];

pub(super) const EXTENSIONS: [&str; 14] =
    ["csv", "doc", "gif", "html", "jpg", "json", "md", "mp3", "mp4", "pdf", "png", "txt", "xml", "zip"];

pub(super) const MIME_TYPES: [&str; 14] = [
    "application/json",
    "application/octet-stream",
    "application/pdf",
    "application/xml",
    "application/zip",
    "audio/mpeg",
    "image/gif",
    "image/jpeg",
    "image/png",
    "image/svg+xml",
    "text/csv",
    "text/html",
    "text/plain",
    "video/mp4",
];
