//! Java's arrays of bytes. They are copied: Java may move or change its own at any time.

use countersign_core::bridge::{Code, Error};
use countersign_core::store::wire::MAX_MESSAGE;
use jni_sys::{jbyte, jbyteArray, jsize};
use zeroize::Zeroizing;

use super::Env;

/// The bytes of an array, wiped when they are dropped; none for NULL.
///
/// # Safety
/// `env` is what Java passed to the native method that is running, `array` one of its arguments.
pub(crate) unsafe fn optional(
    env: Env,
    array: jbyteArray,
    name: &'static str,
) -> Result<Option<Zeroizing<Vec<u8>>>, Error> {
    if array.is_null() {
        return Ok(None);
    }
    // SAFETY: Java passes a valid environment, and the array is not NULL.
    let length = unsafe { ((**env).v1_1.GetArrayLength)(env, array) };
    let size = usize::try_from(length).map_err(|_| Error::new(Code::Length, name))?;
    if size > MAX_MESSAGE {
        return Err(Error::new(Code::Length, name));
    }
    let mut bytes = Zeroizing::new(vec![0_u8; size]);
    // SAFETY: the region is the whole array, and as many bytes are there to be written.
    unsafe { ((**env).v1_1.GetByteArrayRegion)(env, array, 0, length, bytes.as_mut_ptr().cast::<jbyte>()) };
    Ok(Some(bytes))
}

/// The bytes of an array that must be there.
///
/// # Safety
/// As [`optional`].
pub(crate) unsafe fn bytes(
    env: Env,
    array: jbyteArray,
    name: &'static str,
) -> Result<Zeroizing<Vec<u8>>, Error> {
    // SAFETY: the same promise.
    let bytes = unsafe { optional(env, array, name) }?;
    bytes.ok_or_else(|| Error::new(Code::NullPointer, name))
}

/// The text of an array that must be there.
pub(crate) fn text<'a>(bytes: &'a [u8], name: &'static str) -> Result<&'a str, Error> {
    std::str::from_utf8(bytes).map_err(|_| Error::new(Code::NotUtf8, name))
}

/// A new array: a byte, then the content. NULL, with an error pending in Java, when there is no memory.
///
/// # Safety
/// `env` is what Java passed to the native method that is running.
pub(crate) unsafe fn new(env: Env, tag: u8, content: &[u8]) -> jbyteArray {
    // Nothing that is answered comes near 2 GiB; what does is left out, and Java finds it cut off.
    let length = jsize::try_from(content.len())
        .ok()
        .filter(|length| *length < jsize::MAX);
    let (length, content) = length.map_or((0, &[][..]), |length| (length, content));
    // SAFETY: Java passes a valid environment.
    let array = unsafe { ((**env).v1_1.NewByteArray)(env, length + 1) };
    if array.is_null() {
        return array;
    }
    // SAFETY: both regions lie within the array that was just made, and are as long as what is read.
    unsafe {
        ((**env).v1_1.SetByteArrayRegion)(env, array, 0, 1, (&raw const tag).cast::<jbyte>());
        ((**env).v1_1.SetByteArrayRegion)(env, array, 1, length, content.as_ptr().cast::<jbyte>());
    }
    array
}
