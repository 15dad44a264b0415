//! Requests: how many, by route, method and status, how long they took, how many are being answered.

use std::{
    collections::HashMap,
    fmt::Result as Written,
    sync::{
        Arc, OnceLock,
        atomic::{AtomicU64, Ordering},
    },
    time::Instant,
};

use axum::{
    http::{Method, StatusCode},
    response::Response,
};
use prometheus_client::{
    collector::Collector,
    encoding::{DescriptorEncoder, NoLabelSet},
    metrics::{MetricType, gauge::Gauge},
    registry::{Registry, Unit},
};

use super::durations::Durations;

/// What a request is counted under that no route of ours takes. Its path is the caller's own text and told to nobody.
const NO_ROUTE: &str = "-";

/// The methods that are told by their names. Those that somebody has made up are the last of them, together.
const METHODS: [&str; 8] = ["GET", "HEAD", "POST", "PUT", "PATCH", "DELETE", "OPTIONS", "other"];

/// Statuses that there can be, 100 to 599, and before them the place of what was not answered.
const STATUSES: usize = 501;

/// The route of an answer that the router does not name. It is left in the answer's extensions.
#[derive(Debug, Clone, Copy)]
pub struct ServedAs(pub &'static str);

/// The requests of one environment.
#[derive(Debug, Clone)]
pub struct Requests {
    routes: Arc<Routes>,
    in_flight: Gauge,
}

#[derive(Debug)]
struct Routes {
    /// In the order in which they are told, [`NO_ROUTE`] first.
    list: Vec<Route>,
    places: HashMap<&'static str, usize>,
}

#[derive(Debug)]
struct Route {
    name: &'static str,
    /// By method; made with the first request that has it.
    counts: [OnceLock<Box<[AtomicU64; STATUSES]>>; METHODS.len()],
    durations: Durations,
}

impl Requests {
    /// For routes of these patterns.
    pub fn new(patterns: impl IntoIterator<Item = &'static str>) -> Self {
        let mut routes = Routes { list: Vec::new(), places: HashMap::new() };
        for name in [NO_ROUTE].into_iter().chain(patterns) {
            routes.places.entry(name).or_insert_with(|| {
                routes.list.push(Route { name, counts: Default::default(), durations: Durations::default() });
                routes.list.len() - 1
            });
        }
        Self { routes: Arc::new(routes), in_flight: Gauge::default() }
    }

    /// Lets a registry tell of them.
    pub(super) fn register(&self, registry: &mut Registry) {
        let help = "Requests that are being answered";
        registry.register("http_requests_in_flight", help, self.in_flight.clone());
        registry.register_collector(Box::new(Arc::clone(&self.routes)));
    }

    /// A request has come to the route of this pattern, or to none.
    pub fn begin(&self, method: &Method, pattern: Option<&str>) -> Counting<'_> {
        self.in_flight.inc();
        let place = pattern.and_then(|pattern| self.routes.places.get(pattern)).copied();
        let method = METHODS.iter().position(|name| *name == method.as_str());
        Counting {
            requests: self,
            place: place.unwrap_or(0),
            method: method.unwrap_or(METHODS.len() - 1),
            began: Instant::now(),
            answered: None,
        }
    }
}

/// A request that is being answered. It is counted when it is dropped, so also when nobody waits for the answer any more.
#[derive(Debug)]
pub struct Counting<'r> {
    requests: &'r Requests,
    place: usize,
    method: usize,
    began: Instant,
    answered: Option<StatusCode>,
}

impl Counting<'_> {
    /// The route's pattern.
    pub fn route(&self) -> &'static str {
        self.requests.routes.list.get(self.place).map_or(NO_ROUTE, |route| route.name)
    }

    /// When it came.
    pub const fn began(&self) -> Instant {
        self.began
    }

    /// This is the answer.
    pub fn answer(&mut self, response: &Response) {
        self.answered = Some(response.status());
        if let Some(ServedAs(name)) = response.extensions().get() {
            self.place = self.requests.routes.places.get(name).copied().unwrap_or(self.place);
        }
    }
}

impl Drop for Counting<'_> {
    fn drop(&mut self) {
        self.requests.in_flight.dec();
        let Some(route) = self.requests.routes.list.get(self.place) else { return };
        route.durations.observe(self.began.elapsed());
        let counts =
            route.counts[self.method].get_or_init(|| Box::new(std::array::from_fn(|_| AtomicU64::new(0))));
        let place = self.answered.map_or(0, |status| usize::from(status.as_u16()) - 99);
        if let Some(count) = counts.get(place) {
            count.fetch_add(1, Ordering::Relaxed);
        }
    }
}

impl Routes {
    /// Each number that is not zero, with its labels.
    fn each(&self, mut tell: impl FnMut([(&'static str, &str); 3], u64) -> Written) -> Written {
        for route in &self.list {
            for (method, counts) in METHODS.iter().zip(&route.counts) {
                for (place, count) in counts.get().iter().flat_map(|counts| counts.iter().enumerate()) {
                    let count = count.load(Ordering::Relaxed);
                    if count > 0 {
                        let status = if place == 0 { "none".to_owned() } else { (place + 99).to_string() };
                        tell(
                            [("method", *method), ("route", route.name), ("status", status.as_str())],
                            count,
                        )?;
                    }
                }
            }
        }
        Ok(())
    }
}

impl Collector for Routes {
    fn encode(&self, mut encoder: DescriptorEncoder<'_>) -> Written {
        let help = "Requests by route and status; none is the status of those whose caller hung up.";
        let mut requests = encoder.encode_descriptor("http_requests", help, None, MetricType::Counter)?;
        self.each(|labels, count| {
            requests.encode_family(&labels)?.encode_counter::<NoLabelSet, _, u64>(&count, None)
        })?;
        let help = "From the request's head to the answer's; bodies that are sent after it are not in it.";
        let unit = Unit::Seconds;
        let name = "http_request_duration";
        let mut took = encoder.encode_descriptor(name, help, Some(&unit), MetricType::Histogram)?;
        let asked = self.list.iter().filter(|route| route.counts.iter().any(|counts| counts.get().is_some()));
        for route in asked {
            route.durations.encode(&mut took.encode_family(&[("route", route.name)])?)?;
        }
        Ok(())
    }
}

#[cfg(test)]
mod tests {
    use axum::response::IntoResponse as _;

    use super::*;

    fn text(requests: &Requests) -> String {
        let mut registry = Registry::default();
        requests.register(&mut registry);
        let mut text = String::new();
        prometheus_client::encoding::prometheus_text::encode(&mut text, &registry).unwrap();
        text
    }

    fn ask(requests: &Requests, method: &str, pattern: Option<&str>, response: &Response) {
        let method = Method::from_bytes(method.as_bytes()).unwrap();
        requests.begin(&method, pattern).answer(response);
    }

    #[test]
    fn a_request_is_counted_by_the_pattern_of_its_route_and_by_its_status() {
        let requests = Requests::new(["/a/{id}", "/b", "/files/{file}"]);
        let ok = StatusCode::OK.into_response();
        ask(&requests, "GET", Some("/a/{id}"), &ok);
        ask(&requests, "GET", Some("/a/{id}"), &ok);
        ask(&requests, "PUT", Some("/a/{id}"), &StatusCode::NETWORK_AUTHENTICATION_REQUIRED.into_response());
        let mut file = StatusCode::OK.into_response();
        file.extensions_mut().insert(ServedAs("/files/{file}"));
        ask(&requests, "GET", None, &file);
        ask(&requests, "GET", None, &StatusCode::NOT_FOUND.into_response());
        ask(&requests, "BREW", Some("/a/that/is/no/pattern"), &StatusCode::NOT_FOUND.into_response());
        let text = text(&requests);
        let counted: Vec<_> = text.lines().filter(|line| line.starts_with("http_requests_total")).collect();
        let expected = [
            r#"http_requests_total{method="GET",route="-",status="404"} 1"#,
            r#"http_requests_total{method="other",route="-",status="404"} 1"#,
            r#"http_requests_total{method="GET",route="/a/{id}",status="200"} 2"#,
            r#"http_requests_total{method="PUT",route="/a/{id}",status="511"} 1"#,
            r#"http_requests_total{method="GET",route="/files/{file}",status="200"} 1"#,
        ];
        assert_eq!(counted, expected);
        assert!(!text.contains("/b"), "a route that nobody asked for is not told: {text}");
    }

    #[test]
    fn a_request_is_in_flight_until_it_is_answered_or_its_caller_hangs_up() {
        let requests = Requests::new(["/a"]);
        let in_flight = |number: u32| {
            let line = format!("http_requests_in_flight {number}\n");
            assert!(text(&requests).contains(&line), "{number}: {}", text(&requests));
        };
        let first = requests.begin(&Method::GET, Some("/a"));
        let mut second = requests.begin(&Method::GET, Some("/a"));
        in_flight(2);
        drop(first);
        in_flight(1);
        second.answer(&StatusCode::NO_CONTENT.into_response());
        drop(second);
        in_flight(0);
        for status in ["none", "204"] {
            let line = format!(r#"http_requests_total{{method="GET",route="/a",status="{status}"}} 1"#);
            assert!(text(&requests).contains(&line), "{}", text(&requests));
        }
    }

    #[test]
    fn as_many_are_in_the_buckets_as_were_asked() {
        let requests = Requests::new(["/a"]);
        for _ in 0..3 {
            ask(&requests, "GET", Some("/a"), &StatusCode::OK.into_response());
        }
        let text = text(&requests);
        for line in [
            r#"http_request_duration_seconds_bucket{route="/a",le="+Inf"} 3"#,
            r#"http_request_duration_seconds_count{route="/a"} 3"#,
        ] {
            assert!(text.contains(line), "{text}");
        }
    }
}
