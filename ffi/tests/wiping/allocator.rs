//! An allocator that looks for secrets in memory that is given back.

use std::alloc::{GlobalAlloc, Layout, System};
use std::backtrace::Backtrace;
use std::cell::RefCell;

/// Eight bytes of a secret: by chance they are nowhere else.
type Needle = [u8; 8];
const MOST: usize = 1_024;

/// What is looked for, and what was found.
struct Watch {
    needles: [Needle; MOST],
    count: usize,
    /// A bit for each pair of bytes that a needle begins with.
    begins: [u64; 1_024],
    blocks: u64,
    found: u64,
    /// Of the first find, with `COUNTERSIGN_WHERE` set.
    place: Option<String>,
}

thread_local! {
    static WATCH: RefCell<Watch> = const {
        RefCell::new(Watch {
            needles: [[0; 8]; MOST],
            count: 0,
            begins: [0; 1_024],
            blocks: 0,
            found: 0,
            place: None,
        })
    };
}

/// The system's allocator, watched.
pub struct Watched;

// SAFETY: everything comes from and goes back to the system's allocator, with the same layouts. `realloc` is the provided
// one, by `alloc`, a copy and `dealloc`, so that what a growing vector leaves behind is seen as well.
unsafe impl GlobalAlloc for Watched {
    unsafe fn alloc(&self, layout: Layout) -> *mut u8 {
        // Every byte has a value from the beginning, so that it can be looked at in the end.
        // SAFETY: the caller's promise is that of the system's allocator.
        unsafe { System.alloc_zeroed(layout) }
    }

    unsafe fn dealloc(&self, pointer: *mut u8, layout: Layout) {
        // SAFETY: the block is the caller's, of this size, and still allocated; `alloc` gave each of its bytes a value.
        let block = unsafe { std::slice::from_raw_parts(pointer, layout.size()) };
        look(block);
        // SAFETY: as above.
        unsafe { System.dealloc(pointer, layout) }
    }
}

fn begin(bytes: &[u8]) -> (usize, u64) {
    let pair = u16::from_be_bytes([bytes[0], bytes[1]]);
    (usize::from(pair >> 6), 1 << (pair & 63))
}

fn look(block: &[u8]) {
    // What is allocated and freed in here finds the cell taken, and so does what a thread frees at its end.
    let _ = WATCH.try_with(|watch| {
        let Ok(mut watch) = watch.try_borrow_mut() else {
            return;
        };
        if watch.count == 0 {
            return;
        }
        watch.blocks += 1;
        let needles = &watch.needles[..watch.count];
        let found = block.windows(8).any(|window| {
            let (word, bit) = begin(window);
            watch.begins[word] & bit != 0 && needles.iter().any(|needle| needle == window)
        });
        if found {
            watch.found += 1;
            if watch.place.is_none() && std::env::var_os("COUNTERSIGN_WHERE").is_some() {
                watch.place = Some(Backtrace::force_capture().to_string());
            }
        }
    });
}

/// What [`watching`] saw.
pub struct Seen {
    /// Blocks that were freed.
    pub blocks: u64,
    /// Those with a part of a secret in them.
    pub found: u64,
    /// Where the first of those was freed, with `COUNTERSIGN_WHERE` set.
    pub place: String,
}

/// Runs `body` and looks for every part of `secrets` in what this thread frees meanwhile.
pub fn watching(secrets: &[Vec<u8>], body: impl FnOnce()) -> Seen {
    let needles = secrets.iter().flat_map(|secret| secret.as_chunks::<8>().0);
    let mut count = 0;
    WATCH.with_borrow_mut(|watch| {
        watch.begins = [0; 1_024];
        for needle in needles {
            watch.needles[count] = *needle;
            count += 1;
            let (word, bit) = begin(needle);
            watch.begins[word] |= bit;
        }
        (watch.count, watch.blocks, watch.found) = (count, 0, 0);
        watch.place = None;
    });
    body();
    WATCH.with_borrow_mut(|watch| {
        watch.count = 0;
        Seen {
            blocks: watch.blocks,
            found: watch.found,
            place: watch.place.take().unwrap_or_default(),
        }
    })
}
