//! The image of a product: uploaded as a form, kept in the object store, served from there.

use axum::Json;
use axum::body::Bytes;
use axum::extract::multipart::{Field, MultipartError};
use axum::extract::{DefaultBodyLimit, FromRequest, Multipart, Path, Request, State};
use axum::http::{HeaderMap, HeaderValue, StatusCode, header};
use axum::response::IntoResponse;
use serde_json::{Value, json};
use uuid::Uuid;

use super::Products;
use crate::http::{Failure, Id};
use crate::objects::Object;

/// Where the objects are to be had.
pub(super) const OBJECT_ROUTE: &str = "/objects/{*key}";

/// The most an image may weigh, in bytes.
const MAX_IMAGE: usize = 10 * 1024 * 1024;

/// What a form may hold besides the image: its boundaries and other fields.
const MAX_REST: usize = 1024 * 1024;

pub(super) fn body_limit() -> DefaultBodyLimit {
    DefaultBodyLimit::max(MAX_IMAGE + MAX_REST)
}

pub(super) async fn upload(State(products): State<Products>, Id(id): Id, request: Request) -> Result<Json<Value>, Failure> {
    products.get(id).await?;
    let image = read_image(request).await?;
    products.objects.put(object_key(id), image);
    Ok(Json(json!({ "message": "image uploaded", "product_id": id })))
}

/// Asks the object store alone, so whatever has no image answers the same.
pub(super) async fn locate(State(products): State<Products>, Path(id): Path<String>, headers: HeaderMap) -> Result<Json<Value>, Failure> {
    let key = Uuid::parse_str(&id).ok().map(object_key).filter(|key| products.objects.find(key).is_some());
    let key = key.ok_or_else(|| Failure::not_found("no image for this product"))?;
    // The client reached the service under this name, which the service itself may not know.
    let host = headers.get(header::HOST).and_then(|host| host.to_str().ok());
    let host = host.map_or_else(|| products.address.to_string(), str::to_owned);
    Ok(Json(json!({ "url": format!("http://{host}/objects/{key}"), "product_id": id })))
}

pub(super) async fn download(State(products): State<Products>, Path(key): Path<String>) -> Result<impl IntoResponse, Failure> {
    let Object { content_type, bytes } = products.objects.find(&key).ok_or_else(|| Failure::not_found("no such object"))?;
    Ok(([(header::CONTENT_TYPE, content_type)], bytes))
}

fn object_key(id: Uuid) -> String {
    format!("products/{id}")
}

/// The file named `image` of a form; a request that is no form, or a broken one, has none.
async fn read_image(request: Request) -> Result<Object, Failure> {
    let mut form = Multipart::from_request(request, &()).await.map_err(|_not_a_form| missing())?;
    while let Some(field) = form.next_field().await? {
        if field.name() == Some("image") && field.file_name().is_some() {
            return Ok(Object { content_type: content_type(&field), bytes: read_bytes(field).await? });
        }
    }
    Err(missing())
}

fn content_type(field: &Field<'_>) -> HeaderValue {
    let declared = field.content_type().and_then(|text| HeaderValue::from_str(text).ok());
    declared.unwrap_or(HeaderValue::from_static("application/octet-stream"))
}

/// Reads all of `field`, also what is over the limit: an answer to a client that still writes may never reach it.
async fn read_bytes(mut field: Field<'_>) -> Result<Bytes, Failure> {
    let (mut bytes, mut length) = (Vec::new(), 0);
    while let Some(chunk) = field.chunk().await? {
        length += chunk.len();
        if length <= MAX_IMAGE {
            bytes.extend_from_slice(&chunk);
        }
    }
    if length > MAX_IMAGE {
        return Err(too_large());
    }
    Ok(bytes.into())
}

impl From<MultipartError> for Failure {
    /// A form breaks off when it is over the limit of the body, which only its image makes it.
    fn from(error: MultipartError) -> Self {
        match error.status() {
            StatusCode::PAYLOAD_TOO_LARGE => too_large(),
            _ => missing(),
        }
    }
}

fn missing() -> Failure {
    Failure::bad_request("image file required")
}

fn too_large() -> Failure {
    Failure::too_large("the image is larger than 10 MB")
}
