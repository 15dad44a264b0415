//! How far the interview has come.

use yew::prelude::*;

use crate::i18n::Text;

/// A progress bar; `progress` is from 0 to 1.
pub(super) fn progress(progress: f64, text: Text) -> Html {
    #[expect(clippy::cast_possible_truncation, clippy::cast_sign_loss, reason = "from 0 to 100")]
    let percent = (progress.clamp(0.0, 1.0) * 100.0).round() as u32;
    let percent = percent.to_string();
    // Drawn, because a strict content security policy forbids a `style` attribute.
    html! {
        <div class="progress" part="progress" role="progressbar" aria-label={text.progress}
            aria-valuemin="0" aria-valuemax="100" aria-valuenow={percent.clone()}>
            <svg viewBox="0 0 100 1" preserveAspectRatio="none" aria-hidden="true">
                <rect width={percent} height="1" />
            </svg>
        </div>
    }
}
