//! `/graphql`. What can be asked there is in a schema of its own; here is how it is sent.

use serde_json::{Value, json};

use super::{operation::Operation, schemas::named};

pub(super) fn all() -> Vec<Operation> {
    let path = "/graphql";
    let post = Operation::new(
        "post",
        path,
        ("GraphQL", "graphql"),
        "Ask or do something by GraphQL",
        "The schema is in docs/api/schema.graphql, and told by the sandbox itself. A document with nothing but `login` \
         and `refreshToken` needs no `Authorization`. A file is sent as `multipart/form-data` with the parts `operations`, \
         `map` and the files, in this order. A document of more than 64 KiB, a body of more than 1 MiB and a file of more \
         than 25 MiB are refused.",
    )
    .signed_in()
    .takes(&json!({
        "application/json": {"schema": named("GraphQlRequest")},
        "multipart/form-data": {"schema": {"type": "object"}}
    }));
    let get = Operation::new(
        "get",
        path,
        ("GraphQL", "graphqlByGet"),
        "Ask something by GraphQL",
        "The same for queries. A mutation is a 405.",
    )
    .signed_in()
    .query("query", &json!({"type": "string"}), "The document.")
    .query("operationName", &json!({"type": "string"}), "Which operation of it.")
    .query("variables", &json!({"type": "string"}), "The values of its variables, as JSON.");
    vec![answers(post), answers(get)]
}

fn answers(operation: Operation) -> Operation {
    let answer = json!({"schema": named("GraphQlResponse")});
    let content = json!({"application/json": answer, "application/graphql-response+json": answer});
    let both: Value = json!({
        "application/json": {"schema": {"anyOf": [named("PlainError"), named("GraphQlResponse")]}},
        "application/graphql-response+json": answer
    });
    let plain = || json!({"application/json": {"schema": named("PlainError")}});
    operation
        .answers_content(200, "What the document asked for, or `errors`.", content)
        .answers_content(400, "The request could not be understood; or its document, where the client accepts `application/graphql-response+json`.", both)
        .answers_content(401, "No key or token, or not a valid one.", plain())
        .answers_content(403, "The key or the role may not do all of it, and nothing was done.", plain())
        .answers_content(405, "A mutation by GET.", plain())
        .answers_content(413, "Too large.", plain())
        .answers_content(429, "Too many requests of the organization.", plain())
        .answers_content(500, "Our own fault.", plain())
        .answers_content(503, "Not at the moment.", plain())
        .says_when(429)
        .says_when(503)
}
