//! What the caller is told when the disk fails.

use std::io;

use protocol::ErrorCode;

use crate::error::ApiError;

/// In how many seconds somebody may have made room.
const RETRY_WHEN_FULL_S: u32 = 30;

/// 503 where an operator can help by making room, or by mounting the disk as it was; 500 for whatever else the disk says.
pub fn disk(error: &io::Error) -> ApiError {
    match error.kind() {
        io::ErrorKind::StorageFull
        | io::ErrorKind::QuotaExceeded
        | io::ErrorKind::FileTooLarge
        | io::ErrorKind::ReadOnlyFilesystem => {
            tracing::error!(%error, "there is no room for uploads");
            ApiError { retry_after_s: Some(RETRY_WHEN_FULL_S), ..ApiError::new(ErrorCode::Unavailable) }
        }
        _ => ApiError::internal(error),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_full_disk_is_not_our_fault_and_asks_for_another_try() {
        let told = |kind: io::ErrorKind| {
            let error = disk(&io::Error::from(kind));
            (error.status, error.retry_after_s)
        };
        for kind in
            [io::ErrorKind::StorageFull, io::ErrorKind::QuotaExceeded, io::ErrorKind::ReadOnlyFilesystem]
        {
            assert_eq!(told(kind), (503, Some(30)), "{kind}");
        }
        assert_eq!(told(io::ErrorKind::PermissionDenied), (500, None));
    }
}
