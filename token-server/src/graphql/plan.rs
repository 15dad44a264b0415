//! What a document is going to do, by the document alone: how deep, how often, and with which permissions.

use std::collections::{BTreeSet, HashMap, HashSet};

use async_graphql::parser::types::{
    ExecutableDocument, Field, OperationDefinition, OperationType, Selection, SelectionSet,
};
use protocol::api_key::Scope;

use super::{
    access::{self, SIGN_IN},
    errors::Refused,
    limits::{
        MAX_ALIAS, MAX_COMPLEXITY, MAX_DEPTH, MAX_DIRECTIVES, MAX_MEMBERS_OF_MEMBERS, MAX_MUTATIONS,
        MAX_SPREADS,
    },
};

/// What the operation that was chosen does.
#[derive(Debug)]
pub(super) struct Plan {
    /// Whether it changes something.
    pub(super) is_mutation: bool,
    /// Whether it only signs somebody in, who needs no token for that.
    pub(super) signs_in: bool,
    /// Whether it asks what the schema is.
    pub(super) introspects: bool,
    /// The permissions that it takes.
    pub(super) needs: BTreeSet<Scope>,
}

/// Plans the operation of that name, or the only one.
///
/// # Errors
/// [`Refused`] when there is none, and when the document is over a limit.
pub(super) fn plan(document: &ExecutableDocument, name: Option<&str>) -> Result<Plan, Refused> {
    let operation = choose(document, name)?;
    let mut reader = Reader { document, sizes: HashMap::new(), directives: 0 };
    // All of them, as validation goes through all of them.
    for (_, operation) in document.operations.iter() {
        reader.directives += operation.node.directives.len();
        let size = reader.size(&operation.node.selection_set.node, 0)?;
        if size.depth > MAX_DEPTH {
            return Err(Refused::limit("depth", MAX_DEPTH));
        }
        if size.members > MAX_MEMBERS_OF_MEMBERS {
            return Err(Refused::limit("members of members", MAX_MEMBERS_OF_MEMBERS));
        }
    }
    for name in document.fragments.keys() {
        reader.size_of_fragment(name.as_str(), 0)?;
    }
    reader.check_directives()?;
    let mut roots = Vec::new();
    reader.flatten(&operation.selection_set.node, &mut roots);
    let (root, is_mutation) = match operation.ty {
        OperationType::Query => ("Query", false),
        OperationType::Mutation => ("Mutation", true),
        OperationType::Subscription => return Err(Refused::new("There are no subscriptions.")),
    };
    if is_mutation && roots.len() > MAX_MUTATIONS {
        return Err(Refused::limit("mutations", MAX_MUTATIONS));
    }
    // Two of one name are one field (GraphQL §5.3.2), but each of them would be done.
    let names = roots.iter().map(|field| field.response_key().node.as_str());
    let mut told = HashSet::new();
    if is_mutation && names.filter(|name| *name != "__typename").any(|name| !told.insert(name)) {
        return Err(Refused::new(
            "Two mutations have the same name in the answer. Give each an alias of its own.",
        ));
    }
    let is = |field: &&Field, names: &[&str]| names.contains(&field.name.node.as_str());
    let mut needs = BTreeSet::new();
    reader.needs(&operation.selection_set.node, root, &mut needs)?;
    Ok(Plan {
        is_mutation,
        signs_in: is_mutation && roots.iter().all(|field| is(field, &SIGN_IN)),
        introspects: roots.iter().any(|field| is(field, &["__schema", "__type"])),
        needs,
    })
}

fn choose<'a>(
    document: &'a ExecutableDocument,
    name: Option<&str>,
) -> Result<&'a OperationDefinition, Refused> {
    let mut operations = document.operations.iter();
    let found = match name {
        Some(wanted) => operations.find(|(name, _)| name.is_some_and(|name| name.as_str() == wanted)),
        None if operations.len() > 1 => {
            return Err(Refused::new("There are several operations. Name one of them in operationName."));
        }
        None => operations.next(),
    };
    found
        .map(|(_, operation)| &operation.node)
        .ok_or_else(|| Refused::new("There is no operation of the name in operationName."))
}

/// How large a selection is when its fragments are filled in.
#[derive(Debug, Clone, Copy, Default)]
struct Size {
    selections: usize,
    depth: usize,
    /// Of [`MEMBERS`] within each other.
    members: usize,
}

/// The lists of types within types, by which a schema can be walked in circles.
const MEMBERS: [&str; 4] = ["fields", "inputFields", "interfaces", "possibleTypes"];

struct Reader<'a> {
    document: &'a ExecutableDocument,
    /// Of fragments; `None` while one is being measured, so that a cycle shows.
    sizes: HashMap<&'a str, Option<Size>>,
    directives: usize,
}

impl<'a> Reader<'a> {
    fn size(&mut self, set: &'a SelectionSet, spreads: usize) -> Result<Size, Refused> {
        let mut whole = Size::default();
        for selection in &set.items {
            self.directives += selection.node.directives().len();
            let inner = match &selection.node {
                Selection::Field(field) => {
                    if field.node.response_key().node.len() > MAX_ALIAS {
                        return Err(Refused::limit("bytes of an alias", MAX_ALIAS));
                    }
                    let inner = self.size(&field.node.selection_set.node, spreads)?;
                    // What the schema says of itself is deep by nature, and costs nothing to look up.
                    let is_about_schema = field.node.name.node.starts_with("__");
                    let depth = if is_about_schema { 1 } else { inner.depth + 1 };
                    let members =
                        inner.members + usize::from(MEMBERS.contains(&field.node.name.node.as_str()));
                    Size { depth, members, ..inner }
                }
                Selection::InlineFragment(inline) => self.size(&inline.node.selection_set.node, spreads)?,
                Selection::FragmentSpread(spread) => {
                    self.size_of_fragment(spread.node.fragment_name.node.as_str(), spreads + 1)?
                }
            };
            whole.selections = whole.selections.saturating_add(inner.selections).saturating_add(1);
            whole.depth = whole.depth.max(inner.depth);
            whole.members = whole.members.max(inner.members);
            if whole.selections > MAX_COMPLEXITY {
                return Err(Refused::limit("complexity", MAX_COMPLEXITY));
            }
        }
        Ok(whole)
    }

    /// Measures a fragment once, however often it is used: fragments that use each other twice over would take
    /// exponentially long.
    fn size_of_fragment(&mut self, name: &str, spreads: usize) -> Result<Size, Refused> {
        if spreads > MAX_SPREADS {
            return Err(Refused::limit("fragments within fragments", MAX_SPREADS));
        }
        // Validation is going to say that it does not exist.
        let Some((name, fragment)) = self.document.fragments.get_key_value(name) else {
            return Ok(Size::default());
        };
        match self.sizes.get(name.as_str()) {
            Some(Some(size)) => return Ok(*size),
            Some(None) => return Err(Refused::new(format!("The fragment {name} uses itself."))),
            None => {}
        }
        self.sizes.insert(name.as_str(), None);
        self.directives += fragment.node.directives.len();
        let size = self.size(&fragment.node.selection_set.node, spreads)?;
        self.sizes.insert(name.as_str(), Some(size));
        Ok(size)
    }

    fn check_directives(&self) -> Result<(), Refused> {
        let is_over = self.directives > MAX_DIRECTIVES;
        if is_over { Err(Refused::limit("directives", MAX_DIRECTIVES)) } else { Ok(()) }
    }

    /// The fields of a selection with its fragments filled in. All types are objects, so a fragment applies to the type
    /// that it is used in or is not valid.
    fn flatten(&self, set: &'a SelectionSet, fields: &mut Vec<&'a Field>) {
        for selection in &set.items {
            match &selection.node {
                Selection::Field(field) => fields.push(&field.node),
                Selection::InlineFragment(inline) => {
                    self.flatten(&inline.node.selection_set.node, fields);
                }
                Selection::FragmentSpread(spread) => {
                    if let Some(fragment) = self.document.fragments.get(&spread.node.fragment_name.node) {
                        self.flatten(&fragment.node.selection_set.node, fields);
                    }
                }
            }
        }
    }

    fn needs(
        &self,
        set: &'a SelectionSet,
        parent: &'static str,
        needs: &mut BTreeSet<Scope>,
    ) -> Result<(), Refused> {
        let mut fields = Vec::new();
        self.flatten(set, &mut fields);
        for field in fields {
            let name = field.name.node.as_str();
            let is_plain = parent != "Mutation" && field.selection_set.node.items.is_empty();
            match access::of(parent, name) {
                Some(access) => {
                    needs.extend(access.scope);
                    self.needs(&field.selection_set.node, access.gives, needs)?;
                }
                None if is_plain || name.starts_with("__") => {}
                None => {
                    return Err(Refused::new(format!(
                        "{parent} has no field {name} with fields of its own."
                    )));
                }
            }
        }
        Ok(())
    }
}

#[cfg(test)]
mod tests {
    use async_graphql::parser::parse_query;

    use super::*;

    fn planned(document: &str) -> Result<Plan, Refused> {
        plan(&parse_query(document).unwrap(), None)
    }

    fn limit(document: &str) -> Option<&'static str> {
        planned(document).err().map(|refused| refused.limit_name().unwrap_or("another reason"))
    }

    fn each(count: usize, part: impl Fn(usize) -> String) -> String {
        (0..count).map(part).collect::<Vec<_>>().join(" ")
    }

    #[test]
    fn permissions_are_those_of_every_field_through_fragments_too() {
        let plan = planned(
            "query { ...f } fragment f on Query { interviews { id ... { sessions { ...g } } } }
             fragment g on Session { candidate { id } }",
        );
        let needs: Vec<_> = plan.unwrap().needs.into_iter().collect();
        assert_eq!(needs, [Scope::CampaignsRead, Scope::SessionsRead]);
        let skipped = planned("{ me { id } session(id: 1) @skip(if: true) { id } }").unwrap();
        assert_eq!(skipped.needs.len(), 1, "what may be skipped counts");
    }

    #[test]
    fn only_documents_that_sign_in_and_nothing_else_do_so() {
        let signs_in = |document: &str| planned(document).unwrap().signs_in;
        assert!(signs_in("mutation { login(a: 1) { token } b: refreshToken { token } }"));
        assert!(signs_in("mutation { ...f } fragment f on Mutation { login { token } }"));
        assert!(!signs_in("mutation { login { token } cancelInvite { id } }"));
        assert!(!signs_in("mutation { login { token } __typename }"));
    }

    #[test]
    fn depth_counts_fields_and_not_fragments() {
        let deep = |count: usize| "{a".repeat(count) + &"}".repeat(count);
        let about = |depth: usize| format!("{{ me {} }}", deep(depth - 1));
        assert_ne!(limit(&about(MAX_DEPTH)), Some("depth"));
        assert_eq!(limit(&about(MAX_DEPTH + 1)), Some("depth"));
        let within = format!("{{ ...f }} fragment f on Query {{ me {} }}", deep(MAX_DEPTH));
        assert_eq!(limit(&within), Some("depth"));
        assert_eq!(limit(&format!("{{ __schema {} }}", deep(15))), None, "the schema is deep");
    }

    #[test]
    fn an_alias_has_a_greatest_length() {
        let alias = |length: usize| format!("{{ {}: me {{ id }} }}", "a".repeat(length));
        assert_eq!(limit(&alias(MAX_ALIAS)), None);
        assert_eq!(limit(&alias(MAX_ALIAS + 1)), Some("bytes of an alias"));
    }

    #[test]
    fn a_schema_cannot_be_walked_in_circles() {
        let circle = |times: usize| {
            format!(
                "{{ __schema {{ types {} }} }}",
                "{ fields { type ".repeat(times) + "{ name }" + &"} }".repeat(times)
            )
        };
        assert_eq!(limit(&circle(MAX_MEMBERS_OF_MEMBERS)), None);
        assert_eq!(limit(&circle(MAX_MEMBERS_OF_MEMBERS + 1)), Some("members of members"));
    }

    #[test]
    fn fragments_that_double_are_counted_without_being_filled_in() {
        let doubling =
            each(19, |number| format!("fragment f{number} on Query {{ ...f{0} ...f{0} }}", number + 1));
        let document = format!("{{ ...f0 }} {doubling} fragment f19 on Query {{ me {{ id }} }}");
        assert_eq!(limit(&document), Some("complexity"));
    }

    #[test]
    fn two_mutations_of_one_name_are_refused_as_each_would_be_done() {
        let twice = |alias: &str| {
            format!(
                "mutation {{ {alias} cancelInvite(id: 1) {{ id }} __typename ...f }}
                 fragment f on Mutation {{ __typename cancelInvite(id: 1) {{ status }} }}"
            )
        };
        assert_eq!(limit(&twice("")), Some("another reason"));
        assert_eq!(limit(&twice("a:")), None);
    }

    #[test]
    fn cycles_chains_directives_and_many_mutations_are_refused() {
        assert_eq!(
            limit("{ ...a } fragment a on Query { ...b } fragment b on Query { ...a }"),
            Some("another reason")
        );
        assert_eq!(limit("{ me { id } } fragment a on Query { ...a }"), Some("another reason"));
        let chain = each(30, |number| format!("fragment f{number} on Query {{ ...f{} }} ", number + 1));
        assert_eq!(limit(&format!("{{ ...f0 }} {chain}")), Some("fragments within fragments"));
        let directives = "@include(if: true) ".repeat(MAX_DIRECTIVES + 1);
        assert_eq!(limit(&format!("{{ me {directives} {{ id }} }}")), Some("directives"));
        let logins = |count: usize| {
            let logins = each(count, |number| format!("a{number}: login {{ token }} "));
            format!("mutation {{ {logins} }}")
        };
        assert_eq!(limit(&logins(MAX_MUTATIONS)), None);
        assert_eq!(limit(&logins(MAX_MUTATIONS + 1)), Some("mutations"));
    }

    #[test]
    fn a_field_with_fields_that_is_not_in_the_table_is_refused() {
        assert_eq!(limit("{ secrets { id } }"), Some("another reason"));
        assert_eq!(limit("mutation { secret }"), Some("another reason"));
        assert_eq!(limit("{ secret }"), None, "validation says that there is no such field");
    }

    #[test]
    fn an_operation_is_chosen_by_name_or_because_it_is_the_only_one() {
        let document = parse_query("query a { me { id } } mutation b { login { token } }").unwrap();
        assert!(!plan(&document, Some("a")).unwrap().is_mutation);
        assert!(plan(&document, Some("b")).unwrap().is_mutation);
        assert!(plan(&document, Some("c")).is_err() && plan(&document, None).is_err());
        assert!(planned("subscription { a }").is_err());
    }
}
