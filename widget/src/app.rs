//! Draws the state and runs its effects.

use std::rc::Rc;

use gloo_events::EventListener;
use gloo_timers::callback::Timeout;
use js_sys::{Promise, Reflect};
use protocol::error::ErrorCode;
use wasm_bindgen::{JsCast, JsValue};
use wasm_bindgen_futures::{JsFuture, spawn_local};
use web_sys::{FocusOptions, HtmlElement, ScrollIntoViewOptions, ScrollLogicalPosition, window};
use yew::prelude::*;

use crate::{
    api::Api,
    components::frame,
    device,
    error::Problem,
    events::emit,
    i18n::{Text, keep, ready},
    media::Media,
    options::{Options, apply_theme},
    stage::Remote,
    state::{Action, Ambient, Call, Effect, Pending, Reply, State, Timer, reduce},
    token::is_api_key,
};

/// A device that has not answered by then has no storage for us; what it does later is welcome.
const DEVICE_TIMEOUT_MS: u32 = 1_000;

/// The field that is wrong, or what takes focus in its place: a group has a role and takes none, and a heading is no field.
const INVALID: &str = "[aria-invalid=true]:not([role]),:not(h2)[data-focus]";

/// Where the interview is, and what the page wants.
#[derive(Debug, Clone, PartialEq, Properties)]
pub struct AppProps {
    /// The element that has the shadow root.
    pub host: HtmlElement,
    /// What the page passed to `mount`.
    pub options: Rc<Options>,
    /// Where the interview leaves the way to itself.
    pub remote: Remote,
}

/// The whole widget. The one component that is a struct: effects must run once each, in the order of their actions.
#[derive(Debug)]
pub struct App {
    state: State,
    on: Callback<Action>,
    root: NodeRef,
    timers: [Option<Timeout>; 7],
    after_drawing: Vec<Effect>,
    has_themed: bool,
    early: Option<JsValue>,
    _listeners: Option<[EventListener; 3]>,
    media: Option<Media>,
}

impl Component for App {
    type Message = Action;
    type Properties = AppProps;

    fn create(ctx: &Context<Self>) -> Self {
        let on = ctx.link().callback(|action| action);
        ctx.props().remote.0.replace(Some(ctx.link().clone()));
        let listeners =
            window().and_then(|window| Some((window.document()?, window))).map(|(document, window)| {
                let (online, offline, seen, page) = (on.clone(), on.clone(), on.clone(), document.clone());
                [
                    EventListener::new(&window, "online", move |_| online.emit(Action::Online)),
                    EventListener::new(&window, "offline", move |_| offline.emit(Action::Offline)),
                    EventListener::new(&document, "visibilitychange", move |_| {
                        seen.emit(if page.hidden() { Action::Hidden } else { Action::Online });
                    }),
                ]
            });
        let options = &ctx.props().options;
        let mut state = State::new(
            options.invite_token.clone(),
            options.get_invite_token.is_some(),
            options.api_base.clone(),
            options.locale.clone(),
        );
        state.page_language.clone_from(&options.language);
        state.first_shown_at_ms = options.shown_at_ms;
        if let Some(texts) = &options.texts {
            keep(state.language(), texts.clone());
        }
        spawn_local(texts_for(options, state.language(), &on));
        apply_theme(&ctx.props().host, pairs(options));
        ctx.link().send_message(Action::Mounted);
        Self {
            state,
            on,
            root: NodeRef::default(),
            timers: [const { None }; 7],
            after_drawing: Vec::new(),
            has_themed: false,
            early: options.early.clone(),
            _listeners: listeners,
            media: None,
        }
    }

    fn update(&mut self, ctx: &Context<Self>, action: Action) -> bool {
        for effect in reduce(&mut self.state, action, &Browser) {
            self.run(effect, ctx);
        }
        self.theme(ctx.props());
        true
    }

    fn view(&self, ctx: &Context<Self>) -> Html {
        frame(&self.state, ctx.props().options.color_scheme.as_deref(), &self.root, &self.on)
    }

    fn rendered(&mut self, ctx: &Context<Self>, _first: bool) {
        let root = self.root.cast::<HtmlElement>();
        self.media = Media::follow(self.media.take(), root, &ctx.props().options, &self.state, &self.on);
        for effect in std::mem::take(&mut self.after_drawing) {
            match effect {
                Effect::Emit(event) => {
                    emit(&ctx.props().options.emit, &event, Text::of(self.state.language()));
                }
                Effect::FocusMoved => self.focus(&ctx.props().host, "[data-moved]", true),
                Effect::FocusField => self.focus(&ctx.props().host, INVALID, true),
                Effect::FocusStatus => self.focus(&ctx.props().host, ".status span", true),
                _ => self.focus(&ctx.props().host, "[data-focus]", false),
            }
        }
    }
}

impl App {
    fn run(&mut self, effect: Effect, ctx: &Context<Self>) {
        match effect {
            Effect::Send(pending) => self.send(pending, ctx.props().options.clone()),
            Effect::AskForToken => {
                let (on, ask) = (self.on.clone(), ctx.props().options.get_invite_token.clone());
                spawn_local(async move {
                    let promise = ask
                        .and_then(|ask| ask.call0(&JsValue::NULL).ok())
                        .map(|promise| Promise::resolve(&promise));
                    let token = match promise {
                        Some(promise) => {
                            JsFuture::from(promise).await.ok().and_then(|token| token.as_string())
                        }
                        None => None,
                    };
                    if token.as_deref().is_some_and(is_api_key) {
                        hint(
                            "InterviewRelay: getInviteToken gave an API key. Never put one in a page: revoke it, and answer \
                              with an `invite_token`.",
                        );
                    }
                    on.emit(Action::TokenGiven(token));
                });
            }
            effect @ (Effect::ReadDevice(_) | Effect::Keep { .. }) => self.run_on_device(effect),
            Effect::ForgetMedia(question_id) => {
                Media::forget(&ctx.props().options, &self.state, &question_id);
            }
            Effect::CheckOrigin => {
                let (on, api) = (self.on.clone(), self.api(false));
                spawn_local(async move {
                    let is_server_up = api.is_up().await;
                    if is_server_up {
                        hint(
                            "InterviewRelay: the server does not let this page call it. Add its origin to the campaign's \
                              `allowed_origins`.",
                        );
                    }
                    on.emit(Action::OriginChecked { is_server_up });
                });
            }
            Effect::SaveDraft(question_id, body) => {
                let (on, api) = (self.on.clone(), self.api(true));
                spawn_local(async move {
                    let reply = api.draft(&question_id, &body).await;
                    let is_refused = reply.as_ref().is_err_and(Problem::is_final);
                    let seq = told(reply, &on);
                    on.emit(if is_refused { Action::DraftRefused } else { Action::DraftSaved { seq } });
                });
            }
            Effect::Look(question_id) => {
                let (on, api) = (self.on.clone(), self.api(true));
                spawn_local(async move {
                    let found = api.earlier(&question_id).await.ok().map(Box::new);
                    on.emit(Action::Looked { question_id, found });
                });
            }
            Effect::Pause(draft) => {
                let api = self.api(true);
                spawn_local(async move {
                    if let Some((question_id, body)) = draft {
                        api.draft(&question_id, &body).await.ok();
                    }
                    // Any later call resumes the session, so a pause that fails does no harm.
                    api.pause().await.ok();
                });
            }
            // A page that has taken the element away may put it back, and until then nobody needs a token.
            Effect::Renew if !ctx.props().host.is_connected() => self.on.emit(Action::Renewed(None)),
            Effect::Renew => {
                let (on, api) = (self.on.clone(), self.api(true));
                spawn_local(async move { on.emit(Action::Renewed(told(api.renew().await, &on))) });
            }
            Effect::SetTimer(timer, delay_ms) => {
                let on = self.on.clone();
                self.timers[slot(timer)] =
                    Some(Timeout::new(delay_ms, move || on.emit(Action::TimerFired(timer))));
            }
            Effect::StopTimer(timer) => self.timers[slot(timer)] = None,
            Effect::Redirect(url) => {
                if let Some(navigate) = &ctx.props().options.navigate {
                    navigate.call1(&JsValue::NULL, &url.into()).ok();
                } else if let Some(window) = window() {
                    window.location().assign(&url).ok();
                }
            }
            effect @ (Effect::Emit(_)
            | Effect::FocusScreen
            | Effect::FocusField
            | Effect::FocusMoved
            | Effect::FocusStatus) => {
                self.after_drawing.push(effect);
            }
        }
    }

    fn run_on_device(&self, effect: Effect) {
        match effect {
            Effect::ReadDevice(owner) => {
                let (on, later) = (self.on.clone(), self.on.clone());
                let name = owner.clone();
                let timeout = Timeout::new(DEVICE_TIMEOUT_MS, move || {
                    later.emit(Action::DeviceRead { owner: name, records: None });
                });
                spawn_local(async move {
                    let records = device::read(&owner).await.ok();
                    timeout.cancel();
                    on.emit(Action::DeviceRead { owner, records });
                });
            }
            Effect::Keep { owner, changes, what } => {
                let (on, later) = (self.on.clone(), self.on.clone());
                let timeout = what.clone().map(|what| {
                    Timeout::new(DEVICE_TIMEOUT_MS, move || {
                        later.emit(Action::Kept { what, is_kept: false });
                    })
                });
                spawn_local(async move {
                    let is_kept = device::write(&owner, changes).await.is_ok();
                    drop(timeout);
                    if let Some(what) = what {
                        on.emit(Action::Kept { what, is_kept });
                    }
                });
            }
            _ => {}
        }
    }

    fn send(&mut self, pending: Pending, options: Rc<Options>) {
        let Pending { call, ticket, .. } = pending;
        // For the first call alone, which is a start: all others need its reply.
        let early = self.early.take().map(|early| Promise::resolve(&early));
        let (on, api, locale) = (self.on.clone(), self.api(call != Call::Start), self.state.locale.clone());
        spawn_local(async move {
            let reply: Result<Reply, Problem> = match call {
                Call::Start => api
                    .start(locale, early)
                    .await
                    .map(|(token, snapshot)| Reply::Started(token, Box::new(snapshot))),
                Call::Refresh => api.refresh().await.map(|snapshot| Reply::Snapshot(Box::new(snapshot))),
                Call::Consent(accepted) => api.consent(accepted).await.map(Reply::Course),
                Call::Answer { question_id, body } => {
                    api.answer(&question_id, &body).await.map(Reply::Course)
                }
            };
            if let Ok(Reply::Started(_, snapshot) | Reply::Snapshot(snapshot)) = &reply {
                texts_for(&options, &snapshot.campaign.locale, &on).await;
            }
            on.emit(Action::Replied { ticket, reply });
        });
    }

    fn api(&self, in_session: bool) -> Api {
        let token = if in_session { &self.state.session_token } else { &self.state.invite_token };
        Api { base: self.state.base.clone().unwrap_or_default(), token: token.clone().unwrap_or_default() }
    }

    /// The campaign's look, once it is known; what the page itself has set stays.
    fn theme(&mut self, props: &AppProps) {
        let Some(campaign) = self.state.campaign.as_ref().filter(|_| !self.has_themed) else { return };
        let theme = campaign.theme.iter().filter_map(|(name, value)| Some((name.as_str(), value.as_str()?)));
        apply_theme(&props.host, theme.chain(pairs(&props.options)));
        self.has_themed = true;
    }

    fn focus(&self, host: &HtmlElement, selector: &str, may_scroll: bool) {
        let Some(root) = self.root.cast::<HtmlElement>() else { return };
        if is_elsewhere(&root, host) {
            return;
        }
        let Ok(Some(target)) = root.query_selector(selector) else { return };
        let target = target.unchecked_into::<HtmlElement>();
        let options = FocusOptions::new();
        options.set_prevent_scroll(!may_scroll);
        target.focus_with_options(&options).ok();
        if !may_scroll {
            let options = ScrollIntoViewOptions::new();
            options.set_block(ScrollLogicalPosition::Nearest);
            target.scroll_into_view_with_scroll_into_view_options(&options);
        }
    }
}

/// Whether somebody is in the middle of something else in the page: there they stay, and hear of a new question.
fn is_elsewhere(root: &HtmlElement, host: &HtmlElement) -> bool {
    // `null` in a shadow root means that focus is outside of it.
    let ours = Reflect::get(&root.get_root_node(), &"activeElement".into());
    let active = window().and_then(|window| window.document()?.active_element());
    // What surrounds us is nothing to be in the middle of: browsers go there from a button that was pressed or is gone.
    ours.is_ok_and(|ours| ours.is_null())
        && active.is_some_and(|active| active.tag_name() != "BODY" && !active.contains(Some(host)))
}

/// What came of it, if something did. That the session token ran out is told apart.
fn told<T>(reply: Result<T, Problem>, on: &Callback<Action>) -> Option<T> {
    if reply.as_ref().is_err_and(|problem| problem.code() == Some(ErrorCode::Unauthorized)) {
        on.emit(Action::Expired);
    }
    reply.ok()
}

/// Has the texts of a language fetched; what is on screen is drawn again when they come.
fn texts_for(options: &Options, language: &str, on: &Callback<Action>) -> impl Future<Output = ()> + use<> {
    let on = on.clone();
    ready(options.load_locale.clone(), language.to_owned(), move || on.emit(Action::TextsCame))
}

/// The browser's clock and generator.
struct Browser;

impl Ambient for Browser {
    fn now_ms(&self) -> f64 {
        window().and_then(|window| window.performance()).map_or(0.0, |performance| performance.now())
    }

    fn random(&self) -> f64 {
        js_sys::Math::random()
    }

    fn fresh_id(&self) -> String {
        // `randomUUID` is there in secure contexts only, and a page under development may be none.
        let crypto = window().and_then(|window| window.crypto().ok());
        let mut bytes = [0_u8; 16];
        if let Some(crypto) = crypto {
            crypto.get_random_values_with_u8_array(&mut bytes).ok();
        }
        let digit = |nibble: u8| char::from_digit(u32::from(nibble), 16).unwrap_or('0');
        bytes.iter().flat_map(|byte| [digit(byte >> 4), digit(byte & 15)]).collect()
    }

    fn is_online(&self) -> bool {
        window().is_none_or(|window| window.navigator().on_line())
    }
}

fn pairs(options: &Options) -> impl Iterator<Item = (&str, &str)> {
    options.theme.iter().map(|(name, value)| (name.as_str(), value.as_str()))
}

const fn slot(timer: Timer) -> usize {
    match timer {
        Timer::Draft => 0,
        Timer::Retry => 1,
        Timer::Renew => 2,
        Timer::Redirect => 3,
        Timer::GoOn => 4,
        Timer::Token => 5,
        Timer::Limit => 6,
    }
}

/// For those who build the page.
fn hint(text: &str) {
    web_sys::console::error_1(&text.into());
}
