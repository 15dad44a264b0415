//! Small pictures, as paths in a square of 24 by 24.

use yew::prelude::*;

pub(super) const CHECK: &str = "M5 13l4.5 4.5L19 7";
pub(super) const ALERT: &str = "M12 7v6m0 4v.01";
pub(super) const PAUSE: &str = "M9 7v10m6-10v10";
pub(super) const UP: &str = "M6 15l6-6 6 6";
pub(super) const DOWN: &str = "M6 9l6 6 6-6";

/// Draws one; it is decoration, so nothing reads it out.
pub(super) fn icon(path: &'static str) -> Html {
    html! { <svg class="icon" viewBox="0 0 24 24" aria-hidden="true"><path d={path} /></svg> }
}
