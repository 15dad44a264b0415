//! `interviewrelay users …`

use std::{io::BufRead as _, sync::Arc};

use clap::Subcommand;
use domain::{
    clock::{Clock as _, SystemClock},
    random::{Entropy, base62},
    user::{Role, StoredUser},
};
use protocol::{ids::UserId, user::Password};
use serde_json::{Value, json};
use storage::{PageRequest, Store};

use super::{CliResult, say};
use crate::{
    auth::passwords::Passwords,
    operations::{
        organizations::Owner,
        users::{self, NewUser},
    },
    state::SystemEntropy,
};

/// More users than anybody has; the list is for people and scripts, which want all of them.
const ALL_USERS: u32 = 10_000;
/// Characters of a password that we choose: 142 random bits.
const CHOSEN_LEN: usize = 24;

#[derive(Debug, Subcommand)]
pub(super) enum UsersCommand {
    /// Make a user, and their organization when that is new.
    Create {
        /// The organization's name.
        #[arg(long)]
        org: String,
        /// What they sign in with.
        #[arg(long)]
        email: String,
        /// owner, admin, editor or viewer.
        #[arg(long, value_parser = parse_role)]
        role: Role,
        /// Read the password from the first line of standard input, instead of choosing one and showing it once.
        #[arg(long)]
        password_stdin: bool,
        /// Print one line of JSON.
        #[arg(long)]
        json: bool,
    },
    /// List an organization's users.
    List {
        /// The organization's name.
        #[arg(long)]
        org: String,
        /// Print one line of JSON for each user.
        #[arg(long)]
        json: bool,
    },
    /// Let a user sign in no more. Their tokens fail from the next request on.
    Disable {
        /// The user's id, such as `usr_…`.
        id: UserId,
        /// Print one line of JSON.
        #[arg(long)]
        json: bool,
    },
    /// Let a user sign in again, with the password they had.
    Enable {
        /// The user's id, such as `usr_…`.
        id: UserId,
        /// Print one line of JSON.
        #[arg(long)]
        json: bool,
    },
    /// Change what a user may do. Access tokens of the old role fail from the next request on; they need not sign in again.
    SetRole {
        /// The user's id, such as `usr_…`.
        id: UserId,
        /// owner, admin, editor or viewer.
        #[arg(long, value_parser = parse_role)]
        role: Role,
        /// Print one line of JSON.
        #[arg(long)]
        json: bool,
    },
    /// Give a user another password, and sign them out everywhere.
    SetPassword {
        /// The user's id, such as `usr_…`.
        id: UserId,
        /// Read the password from the first line of standard input, instead of choosing one and showing it once.
        #[arg(long)]
        password_stdin: bool,
        /// Print one line of JSON.
        #[arg(long)]
        json: bool,
    },
}

impl UsersCommand {
    pub(super) async fn run(self, store: Arc<dyn Store>) -> CliResult {
        let store = store.as_ref();
        let now = SystemClock.now();
        let entropy: Arc<dyn Entropy> = Arc::new(SystemEntropy);
        match self {
            Self::Create { org, email, role, password_stdin, json } => {
                let (password, chosen) = read_or_choose(password_stdin, entropy.as_ref())?;
                let new = NewUser { owner: Owner::named(org, None), email, password, role };
                let passwords = Passwords::new(Arc::clone(&entropy));
                let user = users::create(store, &entropy, &passwords, new, now).await?;
                show_new(&user, chosen.as_deref(), json)
            }
            Self::List { org, json } => {
                let mut unit = store.read().await?;
                let organization = unit.find_organization_by_name(&org).await?;
                let organization =
                    organization.ok_or_else(|| format!("there is no organization called {org}"))?;
                let page = PageRequest { before: None, limit: ALL_USERS };
                for user in unit.list_users(&organization.id, &page).await? {
                    show(&user, json)?;
                }
                Ok(())
            }
            Self::Disable { id, json } => {
                find(store, &id).await?;
                show(&users::disable(store, &entropy, id, now).await?, json)
            }
            Self::Enable { id, json } => {
                find(store, &id).await?;
                show(&users::enable(store, &entropy, id, now).await?, json)
            }
            Self::SetRole { id, role, json } => {
                find(store, &id).await?;
                show(&users::set_role(store, &entropy, id, role, now).await?, json)
            }
            Self::SetPassword { id, password_stdin, json } => {
                find(store, &id).await?;
                let (password, chosen) = read_or_choose(password_stdin, entropy.as_ref())?;
                let passwords = Passwords::new(Arc::clone(&entropy));
                let user = users::set_password(store, &entropy, &passwords, id, password, now).await?;
                show_new(&user, chosen.as_deref(), json)
            }
        }
    }
}

/// That there is such a user; before anything is asked of the person.
async fn find(store: &dyn Store, id: &UserId) -> CliResult {
    let found = store.read().await?.find_user(id).await?;
    found.map(|_| ()).ok_or_else(|| format!("there is no user {id}").into())
}

/// A password, and what it is where we have chosen it.
fn read_or_choose(
    from_stdin: bool,
    entropy: &dyn Entropy,
) -> Result<(Password, Option<String>), std::io::Error> {
    if from_stdin {
        return Ok((read_password()?, None));
    }
    let chosen = base62(CHOSEN_LEN, entropy);
    Ok((Password::new(&chosen), Some(chosen)))
}

/// The first line, without its end: spaces are part of a password.
fn read_password() -> Result<Password, std::io::Error> {
    let mut line = String::new();
    std::io::stdin().lock().read_line(&mut line)?;
    Ok(Password::new(line.trim_end_matches(['\r', '\n'])))
}

fn show_new(user: &StoredUser, chosen: Option<&str>, as_json: bool) -> CliResult {
    let Some(password) = chosen else { return show(user, as_json) };
    if as_json {
        let mut view = view(user);
        view["password"] = json!(password);
        return say(&view.to_string());
    }
    say(&format!("{}  {password}\nThis password is shown only now.", user.id))
}

fn show(user: &StoredUser, as_json: bool) -> CliResult {
    if as_json {
        return say(&view(user).to_string());
    }
    say(&format!("{}  {}  {}  {}", user.id, user.status.as_str(), user.role.as_str(), user.email))
}

fn view(user: &StoredUser) -> Value {
    json!({
        "id": user.id, "email": user.email, "role": user.role, "status": user.status,
        "created_at": user.created_at, "last_signed_in_at": user.last_signed_in_at
    })
}

fn parse_role(text: &str) -> Result<Role, String> {
    let found = Role::ALL.into_iter().find(|role| role.as_str() == text);
    found.ok_or_else(|| "expected one of owner, admin, editor, viewer".to_owned())
}
