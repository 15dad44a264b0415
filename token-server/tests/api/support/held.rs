//! A request whose end is not sent yet.

use reqwest::{
    Method,
    header::{HeaderMap, HeaderName, HeaderValue},
};
use tokio::{
    io::{AsyncReadExt as _, AsyncWriteExt as _},
    net::TcpStream,
};

use super::Reply;

/// A request of which the headers and the first byte of the body were sent.
pub(crate) struct Held {
    what: String,
    stream: TcpStream,
    rest: Vec<u8>,
}

impl Held {
    /// Begins one. The server asks for the body (RFC 9110 §10.1.1) when the headers have passed, so by then whoever sends
    /// it is known.
    pub(crate) async fn begin(
        url: &str,
        (method, path): (&Method, &str),
        headers: &[(&str, &str)],
        body: &[u8],
    ) -> Self {
        let what = format!("{method} {path}");
        let address = url.strip_prefix("http://").expect("a server of a test");
        let mut stream = TcpStream::connect(address).await.expect("a connection");
        let length = body.len().to_string();
        let own = [
            ("Host", address),
            ("Connection", "close"),
            ("Expect", "100-continue"),
            ("Content-Length", length.as_str()),
        ];
        let lines = own.iter().chain(headers).map(|&(name, value)| [name, ": ", value, "\r\n"].concat());
        let head = [format!("{what} HTTP/1.1\r\n"), lines.collect(), "\r\n".to_owned()].concat();
        stream.write_all(head.as_bytes()).await.expect("a connection");
        let go_on = b"HTTP/1.1 100 Continue\r\n\r\n";
        let mut answer = vec![0; go_on.len()];
        stream.read_exact(&mut answer).await.expect("an answer");
        assert_eq!(String::from_utf8_lossy(&answer), String::from_utf8_lossy(go_on), "{what}");
        let (first, rest) = body.split_at(1);
        stream.write_all(first).await.expect("a connection");
        Self { what, stream, rest: rest.to_vec() }
    }

    /// Sends the rest.
    pub(crate) async fn finish(mut self) -> Reply {
        self.stream.write_all(&self.rest).await.expect("a connection");
        let mut answer = String::new();
        self.stream.read_to_string(&mut answer).await.expect("an answer");
        let (head, text) = answer.split_once("\r\n\r\n").expect("an answer");
        let mut lines = head.lines();
        let status = lines.next().and_then(|line| line.split(' ').nth(1)).expect("a status");
        let mut headers = HeaderMap::new();
        for (name, value) in lines.filter_map(|line| line.split_once(": ")) {
            let name = HeaderName::try_from(name).expect("the name of a header");
            headers.append(name, HeaderValue::try_from(value).expect("the value of a header"));
        }
        let status = status.parse().expect("a status");
        Reply { what: self.what, status, headers, text: text.to_owned() }
    }
}
