//! All records of a collection, page by page.

use super::port::{Collection, Record, Store, StoreError};

/// A walk over a collection, see [`Store::walk`].
pub(crate) struct Walk<'a> {
    store: &'a dyn Store,
    collection: Collection,
    limit: u32,
    after: Option<String>,
}

impl<'a> Walk<'a> {
    /// From the beginning, `limit` records at a time.
    pub(crate) fn new(store: &'a dyn Store, collection: Collection, limit: u32) -> Self {
        Self {
            store,
            collection,
            limit,
            after: None,
        }
    }

    /// The next page; none when there are no more records.
    pub(crate) async fn next(&mut self) -> Result<Option<Vec<Record>>, StoreError> {
        let walked = self
            .store
            .walk(self.collection, self.after.as_deref(), self.limit);
        let page = walked.await?;
        let Some(last) = page.last() else { return Ok(None) };
        self.after = Some(last.key.id.clone());
        Ok(Some(page))
    }
}
