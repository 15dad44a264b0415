//! How large a request may be. Each limit but [`MAX_ANSWER_BYTES`] is checked before a resolver runs.

/// Largest document, in bytes.
pub const MAX_DOCUMENT_BYTES: usize = 64 * 1_024;
/// Largest JSON body, with variables.
pub const MAX_BODY_BYTES: usize = 1_024 * 1_024;
/// Names, numbers, texts and marks in a document: four for each of the fields that [`MAX_COMPLEXITY`] allows.
pub const MAX_TOKENS: usize = 4_000;
/// Brackets within brackets: more than a document of [`MAX_DEPTH`] needs, fewer than the parser's stack bears.
pub const MAX_NESTING: usize = 40;
/// Fields within fields.
pub const MAX_DEPTH: usize = 10;
/// Lists of members within such lists, in what the schema says of itself: each further one multiplies the answer by the
/// size of the schema. What tools ask has one.
/// Source: graphql-js, `MaxIntrospectionDepthRule`.
pub const MAX_MEMBERS_OF_MEMBERS: usize = 2;
/// What a request may cost: one for each field, times the length of each list that it is in.
pub const MAX_COMPLEXITY: usize = 1_000;
/// Mutations in a request, under whatever names: each may check a password.
pub const MAX_MUTATIONS: usize = 10;
/// Directives in a document.
pub const MAX_DIRECTIVES: usize = 50;
/// Longest name that a field can be given, in bytes: it is told with every row of a list.
pub const MAX_ALIAS: usize = 100;
/// What a request may read, and what it may be answered with, in texts and data of unbounded length: a few of the longest
/// interviews that there are. The database alone knows how long they are, so this is charged while it is answered.
pub const MAX_ANSWER_BYTES: usize = 8 * 1_024 * 1_024;
/// Fragments within fragments.
pub const MAX_SPREADS: usize = 20;

/// Files in a request.
pub const MAX_FILES: usize = 5;
/// Largest file, in bytes.
pub const MAX_FILE_BYTES: u64 = 25 * 1_024 * 1_024;
/// Entries of a multipart request's `map`.
pub const MAX_MAP_ENTRIES: usize = 16;
/// Largest `map`, in bytes.
pub const MAX_MAP_BYTES: usize = 16 * 1_024;

/// Rows of a list unless asked otherwise.
pub const DEFAULT_FIRST: i32 = 20;
/// The same for a list within an object, which there may be many of.
pub const DEFAULT_FIRST_WITHIN: i32 = 10;
/// Rows of a list at most.
pub const MAX_FIRST: i32 = 100;
/// What a statement of the database costs beside the fields that come of it.
const STATEMENT: usize = 10;

/// What it costs to know which of a session's questions are on the way: four statements, shared by as many answers as a
/// session is reckoned to have.
pub(super) const ON_THE_WAY_COST: usize = 4 * STATEMENT / USUAL_ANSWERS;
/// How many answers a session is reckoned to have, when a request is weighed.
pub(super) const USUAL_ANSWERS: usize = 10;

/// What a list costs. Numbers that are not allowed are refused by the argument itself.
pub(super) fn list_cost(first: i32, child: usize) -> usize {
    let rows = usize::try_from(first.clamp(1, MAX_FIRST)).unwrap_or(1);
    STATEMENT.saturating_add(rows.saturating_mul(child))
}

/// What looking up one object by its id costs.
pub(super) fn lookup_cost(child: usize) -> usize {
    STATEMENT.saturating_add(child)
}
