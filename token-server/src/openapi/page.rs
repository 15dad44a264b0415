//! The document as a page: no script, one style sheet.

use std::fmt::Write as _;

use serde_json::Value;

/// The page's style.
pub const STYLE: &str = include_str!("page.css");

/// The page.
pub(super) fn render(document: &Value) -> String {
    let title = text(&document["info"]["title"]);
    let mut page = format!(
        "<!doctype html>\n<html lang=\"en\">\n<head>\n<meta charset=\"utf-8\">\n\
         <meta name=\"viewport\" content=\"width=device-width, initial-scale=1\">\n\
         <meta name=\"color-scheme\" content=\"light dark\">\n<title>{title} API</title>\n\
         <link rel=\"stylesheet\" href=\"docs/style.css\">\n</head>\n<body>\n<header>\n<h1>{title} API {}</h1>\n\
         <p>{}</p>\n<p>Server: <code>{}</code> · <a href=\"openapi.json\">openapi.json</a></p>\n</header>\n",
        text(&document["info"]["version"]),
        prose(&document["info"]["description"]),
        text(&document["servers"][0]["url"]),
    );
    let tags = list(&document["tags"]);
    page.push_str("<nav aria-label=\"Contents\"><ul>\n");
    for tag in tags {
        let _ = writeln!(page, "<li><a href=\"#{}\">{}</a></li>", anchor(&tag["name"]), text(&tag["name"]));
    }
    page.push_str(
        "<li><a href=\"#credentials\">Credentials</a></li><li><a href=\"#schemas\">Bodies</a></li>\n</ul></nav>\n<main>\n",
    );
    for tag in tags {
        section(&mut page, document, tag);
    }
    credentials(&mut page, document);
    schemas(&mut page, document);
    page.push_str("</main>\n</body>\n</html>\n");
    page
}

fn section(page: &mut String, document: &Value, tag: &Value) {
    let name = text(&tag["name"]);
    let _ = writeln!(
        page,
        "<section id=\"{}\">\n<h2>{name}</h2>\n<p>{}</p>",
        anchor(&tag["name"]),
        prose(&tag["description"])
    );
    for (path, methods) in members(&document["paths"]) {
        for (method, operation) in members(methods) {
            if operation["tags"][0] == tag["name"] {
                route(page, document, (method, path), operation);
            }
        }
    }
    page.push_str("</section>\n");
}

fn route(page: &mut String, document: &Value, (method, path): (&str, &str), operation: &Value) {
    let _ = writeln!(
        page,
        "<article id=\"{}\">\n<h3><span class=\"method\">{}</span> <code>{}</code></h3>\n<p><strong>{}.</strong> {}</p>",
        text(&operation["operationId"]),
        method.to_ascii_uppercase(),
        escape(path),
        text(&operation["summary"]),
        prose(&operation["description"])
    );
    if let Some(scheme) = operation["security"][0].as_object().and_then(|one| one.keys().next()) {
        let _ =
            writeln!(page, "<p>Credential: <a href=\"#credentials\"><code>{}</code></a></p>", escape(scheme));
    }
    let parameters: Vec<_> =
        list(&operation["parameters"]).iter().map(|one| resolve(document, one)).collect();
    if !parameters.is_empty() {
        table(
            page,
            ["Parameter", "Type", "Description"],
            parameters.into_iter().map(|one| {
                [
                    format!("<code>{}</code> <small>{}</small>", text(&one["name"]), text(&one["in"])),
                    kind(&one["schema"]),
                    prose(&one["description"]),
                ]
            }),
        );
    }
    for (media_type, content) in members(&operation["requestBody"]["content"]) {
        let optional = if operation["requestBody"]["required"] == true { "" } else { ", may be left out" };
        let _ = writeln!(
            page,
            "<p>Body (<code>{}</code>{optional}): {}</p>",
            escape(media_type),
            kind(&content["schema"])
        );
        example(page, document, &content["schema"]);
    }
    answers(page, document, operation);
    page.push_str("</article>\n");
}

fn answers(page: &mut String, document: &Value, operation: &Value) {
    let responses = members(&operation["responses"]);
    let rows = responses.map(|(status, response)| {
        let response = resolve(document, response);
        let bodies: Vec<_> =
            members(&response["content"]).map(|(_, content)| kind(&content["schema"])).collect();
        [format!("<code>{}</code>", escape(status)), prose(&response["description"]), bodies.join(" or ")]
    });
    table(page, ["Status", "Meaning", "Body"], rows);
    let good = members(&operation["responses"]).filter(|(status, _)| status.starts_with('2'));
    for (_, response) in good {
        for (_, content) in members(&response["content"]) {
            example(page, document, &content["schema"]);
        }
    }
}

/// The example of a schema, folded away.
fn example(page: &mut String, document: &Value, schema: &Value) {
    let example = &resolve(document, schema)["examples"][0];
    if let Ok(json) = serde_json::to_string_pretty(example)
        && !example.is_null()
    {
        let _ = writeln!(
            page,
            "<details><summary>Example of {}</summary><pre><code>{}</code></pre></details>",
            kind(schema),
            escape(&json)
        );
    }
}

fn credentials(page: &mut String, document: &Value) {
    page.push_str("<section id=\"credentials\">\n<h2>Credentials</h2>\n<p>Sent as <code>Authorization: Bearer …</code>, but for <code>xApiKey</code>, which is the header <code>x-api-key</code>.</p>\n");
    let schemes = members(&document["components"]["securitySchemes"]);
    let rows = schemes.map(|(name, scheme)| {
        [
            format!("<code>{}</code>", escape(name)),
            text(scheme.get("bearerFormat").unwrap_or(&scheme["name"])),
            prose(&scheme["description"]),
        ]
    });
    table(page, ["Name", "Form", "Description"], rows);
    page.push_str("</section>\n");
}

fn schemas(page: &mut String, document: &Value) {
    page.push_str("<section id=\"schemas\">\n<h2>Bodies</h2>\n");
    for (name, schema) in members(&document["components"]["schemas"]) {
        let _ = writeln!(
            page,
            "<article id=\"schema-{}\">\n<h3><code>{}</code></h3>\n<p>{}</p>",
            escape(name),
            escape(name),
            prose(&schema["description"])
        );
        let required = list(&schema["required"]);
        let rows: Vec<_> = members(&schema["properties"])
            .map(|(member, schema)| {
                let optional =
                    if required.iter().any(|one| one == member) { "" } else { " <small>optional</small>" };
                [
                    format!("<code>{}</code>{optional}", escape(member)),
                    kind(schema),
                    prose(&schema["description"]),
                ]
            })
            .collect();
        if rows.is_empty() {
            let _ = writeln!(page, "<p>{}</p>", kind(schema));
        } else {
            table(page, ["Member", "Type", "Description"], rows);
        }
        page.push_str("</article>\n");
    }
    page.push_str("</section>\n");
}

fn table(page: &mut String, head: [&str; 3], rows: impl IntoIterator<Item = [String; 3]>) {
    let head = head.map(|title| format!("<th scope=\"col\">{title}</th>")).concat();
    let _ = writeln!(page, "<div class=\"table\"><table>\n<thead><tr>{head}</tr></thead>\n<tbody>");
    for row in rows {
        let _ = writeln!(page, "<tr>{}</tr>", row.map(|cell| format!("<td>{cell}</td>")).concat());
    }
    page.push_str("</tbody></table></div>\n");
}

/// What a schema is, in a few words, with links to those that have a name.
fn kind(schema: &Value) -> String {
    if let Some(name) = schema["$ref"].as_str().and_then(|path| path.rsplit('/').next()) {
        return format!("<a href=\"#schema-{0}\">{0}</a>", escape(name));
    }
    for choice in ["anyOf", "oneOf"] {
        if schema[choice].is_array() {
            return list(&schema[choice]).iter().map(kind).collect::<Vec<_>>().join(" or ");
        }
    }
    if let Some(word) = schema.get("const") {
        return format!("<code>{}</code>", escape(&word.to_string()));
    }
    if schema["enum"].is_array() {
        let words = list(&schema["enum"]).iter().map(|word| format!("<code>{}</code>", text(word)));
        return words.collect::<Vec<_>>().join(", ");
    }
    if schema["items"].is_object() {
        return format!("list of {}", kind(&schema["items"]));
    }
    let rows = &schema["properties"]["data"]["items"];
    if rows.is_object() {
        return format!("page of {}", kind(rows));
    }
    match &schema["type"] {
        Value::String(name) => escape(name),
        Value::Array(names) => names.iter().map(text).collect::<Vec<_>>().join(" or "),
        _ if schema["properties"].is_object() => "object".to_owned(),
        _ => "any JSON".to_owned(),
    }
}

fn resolve<'a>(document: &'a Value, value: &'a Value) -> &'a Value {
    let pointer = value["$ref"].as_str().and_then(|path| path.strip_prefix('#'));
    pointer.and_then(|pointer| document.pointer(pointer)).unwrap_or(value)
}

fn members(value: &Value) -> impl Iterator<Item = (&str, &Value)> {
    value.as_object().into_iter().flatten().map(|(name, value)| (name.as_str(), value))
}

fn list(value: &Value) -> &[Value] {
    value.as_array().map_or(&[], Vec::as_slice)
}

fn text(value: &Value) -> String {
    escape(value.as_str().unwrap_or_default())
}

fn anchor(value: &Value) -> String {
    text(value).to_ascii_lowercase().replace(' ', "-")
}

/// A text in which `…` marks code.
fn prose(value: &Value) -> String {
    let escaped = text(value);
    let parts = escaped.split('`').enumerate();
    parts
        .map(|(index, part)| if index % 2 == 1 { format!("<code>{part}</code>") } else { part.to_owned() })
        .collect()
}

fn escape(text: &str) -> String {
    text.replace('&', "&amp;").replace('<', "&lt;").replace('>', "&gt;").replace('"', "&quot;")
}
