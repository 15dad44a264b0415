//! Sockets that customers might put behind a URL.

use std::net::SocketAddr;
use std::time::Duration;

use egress::{Client, Failure, Policy, Reply};
use tokio::io::{AsyncReadExt, AsyncWriteExt};
use tokio::net::{TcpListener, TcpStream};

use crate::names::Names;

/// Longer than any call here takes; a call that needs it hangs.
pub(crate) const PATIENCE: Duration = Duration::from_secs(20);

/// The policy of the tests whose receivers must be reachable.
pub(crate) const LOOPBACK: Policy = Policy { allow_loopback: true };

/// What one request brought.
pub(crate) struct Request {
    pub(crate) head: String,
    pub(crate) body: Vec<u8>,
}

impl Request {
    /// The value of a header; panics unless it was sent exactly once.
    pub(crate) fn header(&self, name: &str) -> &str {
        let mut values = self.head.lines().filter_map(|line| {
            let (key, value) = line.split_once(": ")?;
            key.eq_ignore_ascii_case(name).then_some(value)
        });
        let value = values.next().unwrap_or_else(|| panic!("no {name} in {}", self.head));
        assert!(values.next().is_none(), "{name} twice in {}", self.head);
        value
    }
}

/// Reads one request, or nothing when the connection ends before it.
pub(crate) async fn read_request(stream: &mut (impl AsyncReadExt + Unpin)) -> Option<Request> {
    let mut bytes = Vec::new();
    loop {
        if let Some(end) = bytes.windows(4).position(|four| four == b"\r\n\r\n") {
            let head = String::from_utf8(bytes[..end].to_vec()).unwrap();
            let mut request = Request { head, body: bytes[end + 4..].to_vec() };
            let length: usize = request.header("content-length").parse().unwrap();
            let already = request.body.len();
            request.body.resize(length, 0);
            stream.read_exact(&mut request.body[already..]).await.ok()?;
            return Some(request);
        }
        if stream.read_buf(&mut bytes).await.unwrap_or(0) == 0 {
            return None;
        }
    }
}

/// A receiver that serves one connection by reading a request and then doing `then`; gives its address.
pub(crate) async fn receiver<F, Done>(then: F) -> SocketAddr
where
    F: FnOnce(TcpStream) -> Done + Send + 'static,
    Done: Future<Output = ()> + Send,
{
    let listener = TcpListener::bind("127.0.0.1:0").await.unwrap();
    let address = listener.local_addr().unwrap();
    tokio::spawn(async move {
        let (mut stream, _) = listener.accept().await.unwrap();
        read_request(&mut stream).await.unwrap();
        then(stream).await;
    });
    address
}

/// A receiver that replies with these bytes and closes.
pub(crate) async fn replies(bytes: impl Into<Vec<u8>>) -> SocketAddr {
    let bytes = bytes.into();
    receiver(async move |mut stream| stream.write_all(&bytes).await.unwrap()).await
}

/// Posts to `address` by the policy that lets it.
pub(crate) async fn post_to(address: SocketAddr, timeout: Duration) -> Result<Reply, Failure> {
    let client = Client::with_resolver(LOOPBACK, Names::default()).unwrap();
    client.post(&format!("http://{address}/hook"), no_headers(), "{}", timeout).await
}

/// What `call` comes to; fails when it never ends.
pub(crate) async fn in_time<T>(call: impl Future<Output = T>) -> T {
    tokio::time::timeout(PATIENCE, call).await.expect("the call has no end")
}

/// No headers.
pub(crate) fn no_headers() -> egress::HeaderMap {
    egress::HeaderMap::new()
}

/// How many connections wait at `listener`, which serves none of them.
///
/// Connections are accepted in the order in which they were made; so whatever comes before one of our own came from
/// the calls before. Nothing needs to be waited for.
pub(crate) async fn connections(listener: &TcpListener) -> usize {
    let port = listener.local_addr().unwrap().port();
    let own = TcpStream::connect(("127.0.0.1", port)).await.unwrap().local_addr().unwrap();
    let mut strangers = 0;
    loop {
        let (_, from) = listener.accept().await.unwrap();
        if (from.ip().to_canonical(), from.port()) == (own.ip(), own.port()) {
            return strangers;
        }
        strangers += 1;
    }
}

/// A listener that every spelling of this machine reaches, IPv4 and IPv6.
pub(crate) async fn listen_everywhere() -> TcpListener {
    match TcpListener::bind("[::]:0").await {
        Ok(listener) => listener,
        // A machine without IPv6.
        Err(_) => TcpListener::bind("0.0.0.0:0").await.unwrap(),
    }
}
