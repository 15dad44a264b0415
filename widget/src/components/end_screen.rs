//! The end, and where it leads to.

use protocol::session::{CONSENT_DECLINED, EndView};
use yew::prelude::*;

use super::icon::{CHECK, icon};
use crate::{
    i18n::{Text, fill},
    state::Action,
    token::is_web_address,
};

/// Beyond this many bytes a text reads badly as a heading.
const LONGEST_HEADING: usize = 120;

/// Draws the end screen.
pub(super) fn end_screen(end: &EndView, is_leaving: bool, text: Text, on: &Callback<Action>) -> Html {
    let is_heading = (1..=LONGEST_HEADING).contains(&end.text.len());
    let url = end.redirect_url.clone().filter(|url| is_web_address(url));
    html! {
        <div class="message">
            if end.id != CONSENT_DECLINED {
                <span class="badge good">{ icon(CHECK) }</span>
            }
            <h2 part="heading" tabindex="-1" data-focus="">
                { if is_heading { end.text.clone() } else { text.the_end.to_owned() } }
            </h2>
            if !is_heading {
                <p class="body">{ end.text.clone() }</p>
            }
            if let Some(url) = url {
                if is_leaving {
                    <p class="body" role="alert">{ fill(text.redirect, host(&url)) }</p>
                }
                <div class="actions">
                    <a class="primary" part="button" href={url}>{ text.go_now }</a>
                    if is_leaving {
                        <button type="button" class="secondary" part="secondary" onclick={on.reform(|_| Action::Stayed)}>
                            { text.stay }
                        </button>
                    }
                </div>
            }
        </div>
    }
}

/// The host that an address leads to, as a person should see it.
fn host(url: &str) -> &str {
    let rest = url.splitn(3, '/').nth(2).unwrap_or(url);
    let authority = rest.split(['/', '?', '#', '\\']).next().unwrap_or(rest);
    authority.rsplit('@').next().unwrap_or(authority)
}

#[cfg(test)]
mod tests {
    use super::host;

    #[test]
    fn the_host_shown_is_the_host_that_is_visited() {
        assert_eq!(host("https://example.com/a?b#c"), "example.com");
        assert_eq!(host("https://example.com:8443"), "example.com:8443");
        assert_eq!(host("https://bank.example@evil.example/"), "evil.example");
    }
}
