//! The fields all messages are made of.

use super::{Kind, MAX_BODY, MAX_MESSAGE, MAX_NAME, MAX_VALUE, VERSION, WireError};
use crate::store::port::{Cursor, MAX_ID, Record, Rev};

/// Writes a message.
#[derive(Debug)]
pub(crate) struct Writer {
    out: Vec<u8>,
}

impl Writer {
    pub(crate) fn new(kind: Kind) -> Self {
        let mut out = Vec::with_capacity(512);
        out.extend([VERSION, kind.byte()]);
        Self { out }
    }

    pub(crate) fn finish(self) -> Result<Vec<u8>, WireError> {
        if self.out.len() > MAX_MESSAGE {
            return Err(WireError::TooLong);
        }
        Ok(self.out)
    }

    pub(crate) fn u8(&mut self, value: u8) {
        self.out.push(value);
    }

    pub(crate) fn u16(&mut self, value: u16) {
        self.out.extend_from_slice(&value.to_be_bytes());
    }

    pub(crate) fn u32(&mut self, value: u32) {
        self.out.extend_from_slice(&value.to_be_bytes());
    }

    pub(crate) fn u64(&mut self, value: u64) {
        self.out.extend_from_slice(&value.to_be_bytes());
    }

    pub(crate) fn raw(&mut self, bytes: &[u8]) {
        self.out.extend_from_slice(bytes);
    }

    /// A count of at most `max`.
    pub(crate) fn count(&mut self, count: usize, max: usize) -> Result<(), WireError> {
        let short = u16::try_from(count).map_err(|_| WireError::TooLong)?;
        if count > max {
            return Err(WireError::TooLong);
        }
        self.u16(short);
        Ok(())
    }

    pub(crate) fn text(&mut self, text: &str, max: usize) -> Result<(), WireError> {
        self.count(text.len(), max)?;
        self.raw(text.as_bytes());
        Ok(())
    }

    pub(crate) fn name(&mut self, name: &str) -> Result<(), WireError> {
        self.text(name, MAX_NAME)
    }

    pub(crate) fn id(&mut self, id: &str) -> Result<(), WireError> {
        valid_id(id)?;
        self.text(id, MAX_ID)
    }

    pub(crate) fn bytes(&mut self, bytes: &[u8], max: usize) -> Result<(), WireError> {
        let length = u32::try_from(bytes.len()).map_err(|_| WireError::TooLong)?;
        if bytes.len() > max {
            return Err(WireError::TooLong);
        }
        self.u32(length);
        self.raw(bytes);
        Ok(())
    }

    pub(crate) fn body(&mut self, body: &[u8]) -> Result<(), WireError> {
        self.bytes(body, MAX_BODY)
    }

    pub(crate) fn value(&mut self, value: &[u8]) -> Result<(), WireError> {
        self.bytes(value, MAX_VALUE)
    }

    pub(crate) fn moment(&mut self, moment: Option<u64>) {
        match moment {
            None => self.u8(0),
            Some(moment) => {
                self.u8(1);
                self.u64(moment);
            }
        }
    }

    pub(crate) fn cursor(&mut self, cursor: Option<&Cursor>) -> Result<(), WireError> {
        let Some(cursor) = cursor else {
            self.u8(0);
            return Ok(());
        };
        self.u8(1);
        self.u64(cursor.sort);
        self.id(&cursor.id)
    }

    pub(crate) fn record(&mut self, record: &Record) -> Result<(), WireError> {
        self.id(&record.key.id)?;
        self.raw(&record.rev.0);
        self.moment(record.expires_at);
        self.body(&record.body)
    }
}

/// Reads a message from its start to its end.
#[derive(Debug)]
pub(crate) struct Reader<'a> {
    rest: &'a [u8],
}

impl<'a> Reader<'a> {
    /// Reads version and kind.
    pub(crate) fn open(message: &'a [u8]) -> Result<(Kind, Self), WireError> {
        if message.len() > MAX_MESSAGE {
            return Err(WireError::TooLong);
        }
        let mut reader = Self { rest: message };
        if reader.u8()? != VERSION {
            return Err(WireError::Version);
        }
        let kind = Kind::from_byte(reader.u8()?).ok_or(WireError::Kind)?;
        Ok((kind, reader))
    }

    /// Must be the end.
    pub(crate) fn close(self) -> Result<(), WireError> {
        if self.rest.is_empty() {
            Ok(())
        } else {
            Err(WireError::Trailing)
        }
    }

    pub(crate) fn take(&mut self, length: usize) -> Result<&'a [u8], WireError> {
        let (taken, rest) = self.rest.split_at_checked(length).ok_or(WireError::Truncated)?;
        self.rest = rest;
        Ok(taken)
    }

    pub(crate) fn array<const N: usize>(&mut self) -> Result<[u8; N], WireError> {
        self.take(N)?.try_into().map_err(|_| WireError::Truncated)
    }

    pub(crate) fn u8(&mut self) -> Result<u8, WireError> {
        self.array().map(u8::from_be_bytes)
    }

    pub(crate) fn u16(&mut self) -> Result<u16, WireError> {
        self.array().map(u16::from_be_bytes)
    }

    pub(crate) fn u32(&mut self) -> Result<u32, WireError> {
        self.array().map(u32::from_be_bytes)
    }

    pub(crate) fn u64(&mut self) -> Result<u64, WireError> {
        self.array().map(u64::from_be_bytes)
    }

    /// Whether an optional field follows.
    pub(crate) fn present(&mut self) -> Result<bool, WireError> {
        match self.u8()? {
            0 => Ok(false),
            1 => Ok(true),
            _ => Err(WireError::Tag),
        }
    }

    /// A list of at most `max` items. Grows with the items that are really there: an item takes at
    /// least one byte of the message.
    pub(crate) fn list<T>(
        &mut self,
        max: usize,
        mut item: impl FnMut(&mut Self) -> Result<T, WireError>,
    ) -> Result<Vec<T>, WireError> {
        let count = usize::from(self.u16()?);
        if count > max {
            return Err(WireError::TooLong);
        }
        let mut list = Vec::new();
        for _ in 0..count {
            list.push(item(self)?);
        }
        Ok(list)
    }

    pub(crate) fn text(&mut self, max: usize) -> Result<&'a str, WireError> {
        let length = usize::from(self.u16()?);
        if length > max {
            return Err(WireError::TooLong);
        }
        std::str::from_utf8(self.take(length)?).map_err(|_| WireError::Text)
    }

    pub(crate) fn name(&mut self) -> Result<&'a str, WireError> {
        self.text(MAX_NAME)
    }

    pub(crate) fn id(&mut self) -> Result<String, WireError> {
        let id = self.text(MAX_ID)?;
        valid_id(id)?;
        Ok(id.to_owned())
    }

    pub(crate) fn bytes(&mut self, max: usize) -> Result<&'a [u8], WireError> {
        let length = usize::try_from(self.u32()?).map_err(|_| WireError::TooLong)?;
        if length > max {
            return Err(WireError::TooLong);
        }
        self.take(length)
    }

    pub(crate) fn body(&mut self) -> Result<Vec<u8>, WireError> {
        self.bytes(MAX_BODY).map(<[u8]>::to_vec)
    }

    pub(crate) fn value(&mut self) -> Result<Vec<u8>, WireError> {
        self.bytes(MAX_VALUE).map(<[u8]>::to_vec)
    }

    pub(crate) fn rev(&mut self) -> Result<Rev, WireError> {
        self.array().map(Rev)
    }

    pub(crate) fn moment(&mut self) -> Result<Option<u64>, WireError> {
        if self.present()? {
            self.u64().map(Some)
        } else {
            Ok(None)
        }
    }

    pub(crate) fn cursor(&mut self) -> Result<Option<Cursor>, WireError> {
        if !self.present()? {
            return Ok(None);
        }
        Ok(Some(Cursor {
            sort: self.u64()?,
            id: self.id()?,
        }))
    }
}

/// As `Key::is_valid`.
fn valid_id(id: &str) -> Result<(), WireError> {
    if id.len() > MAX_ID {
        return Err(WireError::TooLong);
    }
    if id.is_empty() || id.contains('\0') {
        return Err(WireError::Id);
    }
    Ok(())
}
