//! `/graphql`.

use serde_json::json;

use super::{Named, anything, list, map, nullable, object, text, with_example};

pub(super) fn all() -> Vec<Named> {
    let request = object(
        "A document to execute.",
        [
            ("query", text("The document.")),
            ("operationName?", nullable(text("Which operation of it, where there are several."))),
            ("variables?", nullable(map("The values of its variables."))),
        ],
    );
    let response = object(
        "What came of it. Without `data`, the document was not begun with.",
        [
            ("data?", nullable(map("What was asked for."))),
            (
                "errors?",
                list("What failed. `extensions.code` is the code of the REST API.", anything("An error.")),
            ),
        ],
    );
    vec![
        ("GraphQlRequest", with_example(request, json!({"query": "query { interviews { id title } }"}))),
        ("GraphQlResponse", with_example(response, json!({"data": {"interviews": []}}))),
        (
            "PlainError",
            with_example(
                object(
                    "A failure of the calls that take a key and a token.",
                    [("error", text("What to do."))],
                ),
                json!({"error": "Missing or invalid API key or token"}),
            ),
        ),
    ]
}
