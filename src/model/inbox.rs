//! Messages for users, with what was read of them. The body of a message is a record of its own, so that a list does not
//! move it.

use minicbor::{Decode, Encode};

use super::codec::entity;
use crate::store::{Collection, Index, IndexEntry};

/// Collection of [`InboxMessage`].
pub const INBOX_MESSAGE: Collection = Collection("inbox_message");
/// Collection of [`InboxBody`].
pub const INBOX_BODY: Collection = Collection("inbox_body");
/// Collection of [`InboxSeen`].
pub const INBOX_SEEN: Collection = Collection("inbox_seen");
/// Messages of a user in an application ([`owner`]), by creation.
pub const INBOX: Index = Index("inbox");
/// Those that were not read one by one, by creation.
pub const UNREAD: Index = Index("inbox_unread");

/// A message without its body.
#[derive(Clone, Debug, PartialEq, Eq, Encode, Decode)]
pub struct InboxMessage {
    /// UUID.
    #[n(0)]
    pub id: String,
    /// The user.
    #[n(1)]
    pub user: String,
    /// Applications that show it, at least one.
    #[n(2)]
    pub applications: Vec<String>,
    /// Whether the body is HTML; otherwise it is plain text.
    #[n(3)]
    pub html: bool,
    /// Subject.
    #[n(4)]
    pub subject: String,
    /// Summary.
    #[n(5)]
    pub summary: String,
    /// Creation; later than anything that was read as a whole.
    #[n(6)]
    pub created: u64,
    /// When it was read, in whatever application.
    #[n(7)]
    pub read: Option<u64>,
}

/// The body of a message.
#[derive(Clone, Debug, PartialEq, Eq, Encode, Decode)]
pub struct InboxBody {
    /// The message.
    #[n(0)]
    pub id: String,
    /// Text or HTML.
    #[n(1)]
    pub body: String,
}

/// What a user has read as a whole in an application.
#[derive(Clone, Debug, PartialEq, Eq, Encode, Decode)]
pub struct InboxSeen {
    /// Digest of user and application.
    #[n(0)]
    pub owner: String,
    /// Messages created until then are read.
    #[n(1)]
    pub until: u64,
}

/// A user in an application, as the indexes know it.
pub fn owner(application: &str, user: &str) -> Vec<u8> {
    format!("{application}\n{user}").into_bytes()
}

entity!(InboxMessage, INBOX_MESSAGE,
id: |it| it.id.clone(),
entries: |it| {
    let mut entries = Vec::with_capacity(2 * it.applications.len());
    for application in &it.applications {
        let entry = |index| IndexEntry { index, value: owner(application, &it.user), sort: it.created };
        entries.push(entry(INBOX));
        if it.read.is_none() {
            entries.push(entry(UNREAD));
        }
    }
    entries
});
entity!(InboxBody, INBOX_BODY, id: |it| it.id.clone());
entity!(InboxSeen, INBOX_SEEN, id: |it| it.owner.clone());

#[cfg(test)]
mod tests {
    use super::*;
    use crate::model::codec;
    use crate::store::Entity;

    #[test]
    fn bodies_are_frozen() {
        let mut message = InboxMessage {
            id: "i".to_owned(),
            user: "u".to_owned(),
            applications: vec!["a".to_owned(), "b".to_owned()],
            html: true,
            subject: "s".to_owned(),
            summary: "t".to_owned(),
            created: 5,
            read: Some(9),
        };
        let bytes = b"\x01\x88\x61i\x61u\x82\x61a\x61b\xf5\x61s\x61t\x05\x09";
        assert_eq!(codec::encode(&message), bytes);
        assert_eq!(codec::decode(bytes), Ok(message.clone()));
        assert_eq!(message.entries().len(), 2);
        message.read = None;
        assert_eq!(message.entries().len(), 4);
        let body = InboxBody {
            id: "i".to_owned(),
            body: "b".to_owned(),
        };
        assert_eq!(codec::encode(&body), b"\x01\x82\x61i\x61b");
        assert_eq!(codec::decode(b"\x01\x82\x61i\x61b"), Ok(body));
        let seen = InboxSeen {
            owner: "o".to_owned(),
            until: 3,
        };
        assert_eq!(codec::encode(&seen), b"\x01\x82\x61o\x03");
        assert_eq!(codec::decode(b"\x01\x82\x61o\x03"), Ok(seen));
    }
}
