//! The roots that interviews are drawn in. Yew never takes its listeners off a root, and each of them holds the root: a root for
//! every mount would stay in memory for ever. So a root that has become free is used again, by the next interview of the page.

use std::{
    cell::{Cell, RefCell},
    rc::Rc,
};

use js_sys::Error;
use wasm_bindgen::JsValue;
use web_sys::Element;
use yew::{html::Scope, prelude::*};

use crate::app::{App, AppProps};

thread_local! {
    static FREE: RefCell<Vec<Stage>> = const { RefCell::new(Vec::new()) };
    static NUMBER: Cell<usize> = const { Cell::new(0) };
}

/// A root, and what Yew draws in it.
#[derive(Debug)]
pub struct Stage {
    root: Element,
    slot: yew::AppHandle<Slot>,
}

impl Stage {
    /// Shows an interview in an element; `props` are what it is shown with.
    ///
    /// # Errors
    /// Whatever the browser throws when it makes an element.
    pub fn show(place: &Element, props: AppProps) -> Result<Self, JsValue> {
        let free = FREE.with_borrow_mut(Vec::pop);
        let mut stage = if let Some(stage) = free {
            stage
        } else {
            let document =
                place.owner_document().ok_or_else(|| Error::new("the element is in no document"))?;
            let root = document.create_element("div")?;
            Self { slot: yew::Renderer::<Slot>::with_root(root.clone()).render(), root }
        };
        place.append_child(&stage.root)?;
        let number = NUMBER.get();
        NUMBER.set(number + 1);
        stage.slot.update(SlotProps { interview: Some((number, props)) });
        Ok(stage)
    }

    /// Takes the interview apart.
    pub fn clear(mut self) {
        self.slot.update(SlotProps { interview: None });
        self.root.remove();
        FREE.with_borrow_mut(|free| free.push(self));
    }
}

/// The way to an interview that is shown.
#[derive(Debug, Clone, Default)]
pub struct Remote(pub Rc<RefCell<Option<Scope<App>>>>);

impl PartialEq for Remote {
    fn eq(&self, other: &Self) -> bool {
        Rc::ptr_eq(&self.0, &other.0)
    }
}

/// What is drawn in a root: nothing, or the interview of this number.
#[derive(Debug, Clone, Default, PartialEq, Properties)]
pub struct SlotProps {
    #[prop_or_default]
    interview: Option<(usize, AppProps)>,
}

/// The component at the root, which stays.
#[derive(Debug)]
pub struct Slot;

impl Component for Slot {
    type Message = ();
    type Properties = SlotProps;

    fn create(_: &Context<Self>) -> Self {
        Self
    }

    fn view(&self, ctx: &Context<Self>) -> Html {
        // The number is the key: another interview is another component, and what the last one still waits for finds nobody.
        match &ctx.props().interview {
            Some((number, props)) => html! { <App key={*number} ..props.clone() /> },
            None => Html::default(),
        }
    }
}
