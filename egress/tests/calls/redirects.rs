//! Redirects are replies like any other.

use tokio::net::TcpListener;

use crate::receiver::{PATIENCE, connections, post_to, replies};

#[tokio::test]
async fn a_redirect_is_a_reply_and_is_not_followed() {
    for status in [301, 302, 303, 307, 308] {
        let inner = TcpListener::bind("127.0.0.1:0").await.unwrap();
        let target = inner.local_addr().unwrap();
        let receiver = replies(format!(
            "HTTP/1.1 {status} Elsewhere\r\nlocation: http://{target}/admin\r\ncontent-length: 0\r\n\r\n"
        ))
        .await;

        let reply = post_to(receiver, PATIENCE).await.unwrap();

        assert_eq!(reply.status, status);
        assert_eq!(connections(&inner).await, 0, "{status}");
    }
}
