//! Reading and writing through pointers of the caller.
//!
//! What the caller promises, once for all functions here (the header says it under "Pointers"): a
//! pointer that is not NULL points to as many values as its type or the length beside it says; they
//! are readable, or writable where a result goes, and nobody changes them during the call. Everything
//! behind a pointer consists of integers and pointers, for which any bytes are valid.

use std::mem::MaybeUninit;

use countersign_core::bridge::{Code, Error};

use crate::types::{cs_config, cs_header, cs_request, cs_sealing_key, cs_slice};

/// No message or body comes near this; a length that was negative once does.
const MAX_LENGTH: usize = 1 << 30;
/// Most headers of a request, or older keys of an engine.
const MAX_HEADERS: usize = 1_024;

fn check<T>(pointer: *const T, name: &'static str) -> Result<(), Error> {
    if pointer.is_null() {
        return Err(Error::new(Code::NullPointer, name));
    }
    if !pointer.is_aligned() {
        return Err(Error::new(Code::Argument, format!("{name} is not aligned")));
    }
    Ok(())
}

/// A structure of the caller.
///
/// # Safety
/// The caller's promise (see the module).
pub(crate) unsafe fn input<T: Copy>(pointer: *const T, name: &'static str) -> Result<T, Error> {
    check(pointer, name)?;
    // SAFETY: not NULL and aligned; the caller promises a `T` there, which any bytes are.
    Ok(unsafe { pointer.read() })
}

/// A structure that begins with its size, which must be that of `T`.
///
/// # Safety
/// The caller's promise (see the module); for `T` only if the size is right.
pub(crate) unsafe fn sized<T: Copy>(pointer: *const T, name: &'static str) -> Result<T, Error> {
    check(pointer, name)?;
    // SAFETY: every such structure begins with its size; the rest is read only if it is all there.
    unsafe {
        if input(pointer.cast::<usize>(), name)? != size_of::<T>() {
            return Err(Error::new(Code::StructSize, name));
        }
        input(pointer, name)
    }
}

/// A structure that begins with its size and has grown: callers that were compiled earlier have only the
/// first `oldest` bytes of it. What they do not have is zero.
///
/// # Safety
/// The caller's promise (see the module), for as many bytes as the size says. A `T` may be all zeros.
pub(crate) unsafe fn grown<T: Copy>(
    pointer: *const T,
    oldest: usize,
    name: &'static str,
) -> Result<T, Error> {
    check(pointer, name)?;
    let mut whole = MaybeUninit::<T>::zeroed();
    // SAFETY: every such structure begins with its size, and is read as far as that says and `T` reaches.
    // A `T` consists of integers and pointers, which may be zero.
    unsafe {
        let size = input(pointer.cast::<usize>(), name)?;
        if size != oldest && size != size_of::<T>() {
            return Err(Error::new(Code::StructSize, name));
        }
        let bytes = whole.as_mut_ptr().cast::<u8>();
        std::ptr::copy_nonoverlapping(pointer.cast::<u8>(), bytes, size);
        Ok(whole.assume_init())
    }
}

/// A place for a result, which may hold anything before.
pub(crate) struct Out<T>(*mut T);

impl<T: Copy> Out<T> {
    /// Writes `empty` first, so that the caller finds something defined after an error, too.
    ///
    /// # Safety
    /// The caller's promise (see the module), until the value is dropped.
    pub(crate) unsafe fn new(pointer: *mut T, empty: T, name: &'static str) -> Result<Self, Error> {
        check(pointer, name)?;
        let out = Self(pointer);
        out.set(empty);
        Ok(out)
    }

    pub(crate) fn set(&self, value: T) {
        // SAFETY: not NULL and aligned; who called `new` promised room for a `T`. What was there is
        // plain data without a destructor.
        unsafe { self.0.write(value) }
    }
}

/// Bytes of the caller.
///
/// # Safety
/// The caller's promise (see the module), as long as the slice lives.
pub(crate) unsafe fn bytes<'a>(slice: &'a cs_slice, name: &'static str) -> Result<&'a [u8], Error> {
    // SAFETY: the same promise.
    unsafe { items(slice.data, slice.len, MAX_LENGTH, name) }
}

/// A text of the caller.
///
/// # Safety
/// As [`bytes`].
pub(crate) unsafe fn text<'a>(slice: &'a cs_slice, name: &'static str) -> Result<&'a str, Error> {
    // SAFETY: the same promise.
    let bytes = unsafe { bytes(slice, name) }?;
    std::str::from_utf8(bytes).map_err(|_| Error::new(Code::NotUtf8, name))
}

/// A text of the caller; none when the pointer is NULL.
///
/// # Safety
/// As [`bytes`].
pub(crate) unsafe fn optional<'a>(slice: &'a cs_slice, name: &'static str) -> Result<Option<&'a str>, Error> {
    if slice.data.is_null() && slice.len == 0 {
        return Ok(None);
    }
    // SAFETY: the same promise.
    unsafe { text(slice, name) }.map(Some)
}

/// Headers of a request: names and values.
///
/// # Safety
/// As [`bytes`], also for what the headers point to.
pub(crate) unsafe fn headers(request: &cs_request) -> Result<Vec<(&str, &str)>, Error> {
    let (pointer, count) = (request.headers, request.header_count);
    // SAFETY: the same promise.
    let headers: &[cs_header] = unsafe { items(pointer, count, MAX_HEADERS, "request.headers") }?;
    headers
        .iter()
        // SAFETY: the same promise.
        .map(|header| unsafe {
            Ok((
                text(&header.name, "header.name")?,
                text(&header.value, "header.value")?,
            ))
        })
        .collect()
}

/// Number and bytes of older sealing keys.
///
/// # Safety
/// As [`bytes`], also for what the keys point to.
pub(crate) unsafe fn older_keys(config: &cs_config) -> Result<Vec<(u32, &[u8])>, Error> {
    let (pointer, count) = (config.older_keys, config.older_key_count);
    // SAFETY: the same promise.
    let keys: &[cs_sealing_key] = unsafe { items(pointer, count, MAX_HEADERS, "config.older_keys") }?;
    keys.iter()
        // SAFETY: the same promise.
        .map(|key| unsafe { Ok((key.id, bytes(&key.key, "older_key")?)) })
        .collect()
}

/// # Safety
/// As [`bytes`].
unsafe fn items<'a, T>(
    pointer: *const T,
    count: usize,
    max: usize,
    name: &'static str,
) -> Result<&'a [T], Error> {
    if count == 0 {
        return Ok(&[]);
    }
    check(pointer, name)?;
    if count > max {
        return Err(Error::new(Code::Length, name));
    }
    // SAFETY: not NULL, aligned, far below isize::MAX bytes; the caller promises `count` values there
    // that nobody changes meanwhile.
    Ok(unsafe { std::slice::from_raw_parts(pointer, count) })
}
