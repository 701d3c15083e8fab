//! The record of an evaluation, and what decided.

use crate::support::{World, check, traced};

#[test]
fn records() {
    let world = World::new();
    check(TRACES, |text| traced(text, &world));
}

#[rustfmt::skip]
const TRACES: &[(&str, &str)] = &[
    (r#"status == 200 && body.status == "failed""#, r#"false
  status == 200 && body.status == "failed" = false
    status == 200 = true
      status = 200
    body.status == "failed" = false
      body.status = "paid"
  decided by body.status == "failed": "paid" == "failed""#),
    (r#"status == 201 && body.status == "failed""#, r#"false
  status == 201 && body.status == "failed" = false
    status == 201 = false
      status = 200
    body.status == "failed" = - (not evaluated)
  decided by status == 201: 200 == 201"#),
    (r#"status == 201 || body.status == "failed""#, r#"false
  status == 201 || body.status == "failed" = false
    status == 201 = false
      status = 200
    body.status == "failed" = false
      body.status = "paid"
  decided by status == 201 || body.status == "failed""#),
    ("all(body.items, .qty > 2)", r#"false
  all(body.items, .qty > 2) = false
    body.items = [{sku:"A-1",qty:2},{sku:"B-2",qty:3,note:"gift"}]
    [0] .qty > 2 = false
      [0] .qty = 2
  decided by .qty > 2: 2 > 2"#),
    (r#"all(body.items, .sku startsWith "A" && .qty > 1)"#, r#"false
  all(body.items, .sku startsWith "A" && .qty > 1) = false
    body.items = [{sku:"A-1",qty:2},{sku:"B-2",qty:3,note:"gift"}]
    [1] .sku startsWith "A" && .qty > 1 = false
      [1] .sku startsWith "A" = false
        [1] .sku = "B-2"
      [1] .qty > 1 = - (not evaluated)
  decided by .sku startsWith "A": "B-2" startsWith "A""#),
    ("any(body.items, .qty > 5)", r#"false
  any(body.items, .qty > 5) = false
    body.items = [{sku:"A-1",qty:2},{sku:"B-2",qty:3,note:"gift"}]
    [0] .qty > 5 = false
      [0] .qty = 2
  decided by any(body.items, .qty > 5)"#),
    ("none(body.items, .qty > 2)", r#"false
  none(body.items, .qty > 2) = false
    body.items = [{sku:"A-1",qty:2},{sku:"B-2",qty:3,note:"gift"}]
    [1] .qty > 2 = true
      [1] .qty = 3
  decided by .qty > 2: 3 > 2"#),
    ("all(numbers, # > 2)", r#"false
  all(numbers, # > 2) = false
    numbers = [3,1,2]
    [1] # > 2 = false
      [1] # = 1
  decided by # > 2: 1 > 2"#),
    ("!(status == 200)", r#"false
  !(status == 200) = false
    status == 200 = true
      status = 200
  decided by status == 200: 200 == 200"#),
    ("not (status == 201 || body.active)", r#"false
  not (status == 201 || body.active) = false
    status == 201 || body.active = true
      status == 201 = false
        status = 200
      body.active = true
  decided by body.active"#),
    ("len(filter(body.items, .qty > 2)) == 2", r#"false
  len(filter(body.items, .qty > 2)) == 2 = false
    len(filter(body.items, .qty > 2)) = 1
      filter(body.items, .qty > 2) = [{sku:"B-2",qty:3,note:"gift"}]
        body.items = [{sku:"A-1",qty:2},{sku:"B-2",qty:3,note:"gift"}]
        [0] .qty > 2 = false
          [0] .qty = 2
  decided by len(filter(body.items, .qty > 2)) == 2: 1 == 2"#),
    (r#"body.items[0].sku == "B""#, r#"false
  body.items[0].sku == "B" = false
    body.items[0].sku = "A-1"
  decided by body.items[0].sku == "B": "A-1" == "B""#),
    (r#"body.statsu == "x""#, r#"failed at «statsu»: `body` has no member `statsu` (did you mean `status`?)
  body.statsu == "x" = -
    body.statsu = - (`body` has no member `statsu`)
  decided by statsu"#),
    ("body.zzz ?? 5", r#"5
  body.zzz ?? 5 = 5
    body.zzz = - (`body` has no member `zzz`)
  decided by body.zzz"#),
    ("code == 200", r#"failed at «code == 200»: `code` is the text "201": `==` cannot compare it with the integer 200 (write `int(code)`)
  code == 200 = - (`code` is the text "201": `==` cannot compare it with the integer 200)
    code = "201"
  decided by code == 200: "201" == 200"#),
    (r#"yes ? status == 1 : name == "x""#, r#"false
  yes ? status == 1 : name == "x" = false
    yes = true
    status == 1 = false
      status = 200
    name == "x" = - (not evaluated)
  decided by status == 1: 200 == 1"#),
    (r#"no ? status == 1 : name == "x""#, r#"false
  no ? status == 1 : name == "x" = false
    no = false
    status == 1 = - (not evaluated)
    name == "x" = false
      name = "ada"
  decided by name == "x": "ada" == "x""#),
    ("let t = status + 1; t == 200", r#"false
  let t = status + 1; t == 200 = false
    status + 1 = 201
      status = 200
    t == 200 = false
      t = 201
  decided by t == 200: 201 == 200"#),
    (r#"matches_schema(body.items, {type: "array", items: {required: ["note"]}})"#, r#"false
  matches_schema(body.items, {type: "array", items: {required: ["note"]}}) = false (/0: "note" is a required property)
    body.items = [{sku:"A-1",qty:2},{sku:"B-2",qty:3,note:"gift"}]
    {type: "array", items: {required: ["note"]}} = {type:"array",items:{required:["note"]}}
      {required: ["note"]} = {required:["note"]}
        ["note"] = ["note"]
  decided by matches_schema(body.items, {type: "array", items: {required: ["note"]}})"#),
    (r#"name matches "^x""#, r#"false
  name matches "^x" = false
    name = "ada"
  decided by name matches "^x": "ada" matches "^x""#),
    (r#"name in ["bob"]"#, r#"false
  name in ["bob"] = false
    name = "ada"
    ["bob"] = ["bob"]
  decided by name in ["bob"]: "ada" in ["bob"]"#),
    (r#""{{name}}" == "bob" or {{status}} == 5"#, r#"false
  "{{name}}" == "bob" or {{status}} == 5 = false
    "{{name}}" == "bob" = false
      "{{name}}" = "ada"
        name = "ada"
    {{status}} == 5 = false
      {{status}} = 200
        status = 200
  decided by "{{name}}" == "bob" or {{status}} == 5"#),
    ("sum(body.items, .zzz) > 2", r#"failed at «zzz»: no item has `.zzz` (it has `sku`, `qty`)
  sum(body.items, .zzz) > 2 = -
    sum(body.items, .zzz) = -
      body.items = [{sku:"A-1",qty:2},{sku:"B-2",qty:3,note:"gift"}]
      [0] .zzz = - (no item has `.zzz`)
  decided by zzz"#),
    ("(token ?? status) == 3", r#"false
  (token ?? status) == 3 = false
    token ?? status = 200
      token = - (`token` has no value: step `login` was skipped)
      status = 200
  decided by (token ?? status) == 3: 200 == 3"#),
    ("1 < status < 100", r#"false
  1 < status < 100 = false
    1 < status = true
      status = 200
    status < 100 = false
      status = 200
  decided by status < 100: 200 < 100"#),
    (r#"now() == date("2026-01-01")"#, r#"false
  now() == date("2026-01-01") = false
    now() = "2026-01-02T03:04:05Z"
    date("2026-01-01") = "2026-01-01T00:00:00Z"
  decided by now() == date("2026-01-01"): "2026-01-02T03:04:05Z" == "2026-01-01T00:00:00Z""#),
    ("all(map(body.items, .tags ?? []), all(#, # == 1)) && no", r#"false
  all(map(body.items, .tags ?? []), all(#, # == 1)) && no = false
    all(map(body.items, .tags ?? []), all(#, # == 1)) = true
      map(body.items, .tags ?? []) = [[],[]]
        body.items = [{sku:"A-1",qty:2},{sku:"B-2",qty:3,note:"gift"}]
    no = false
  decided by no"#),
];
