//! Engines, and requests answered in one call.

use std::mem::offset_of;
use std::sync::Arc;

use countersign_core::api::guard::Guard;
use countersign_core::api::{Api, Request};
use countersign_core::bridge::{self, Call, Code, Error, Settings};
use countersign_core::crypto::backend::{Backend, default_backend};
use countersign_core::store::driver::drive;
use countersign_core::store::lane::Lanes;
use countersign_core::store::wire::Kind;
use countersign_core::store::{MemoryStore, Store};

use crate::handle::{self, Entry};
use crate::host::System;
use crate::raw::{self, Out};
use crate::types::{
    CS_ABI_VERSION, CS_FLAG_OPEN, CS_STORE_HOST, CS_STORE_MEMORY, CS_STORE_POSTGRES, CS_STORE_SQLITE, cs_buf,
    cs_config, cs_engine, cs_request,
};
use crate::{call, guard};

/// An open engine.
#[derive(Debug)]
pub(crate) struct Engine {
    api: Api,
    own: Option<Own>,
}

/// A built-in store, with its queues.
struct Own {
    store: Box<dyn Store>,
    lanes: Lanes,
}

impl std::fmt::Debug for Own {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.write_str("Own")
    }
}

impl Engine {
    /// An engine with the default settings.
    #[cfg(feature = "jni")]
    pub(crate) fn open(settings: &Settings<'_>, store: i32, path: &str) -> Result<Self, Error> {
        Self::open_with(settings, &[], "{}", store, path)
    }

    /// An engine with settings of the host's, as JSON, and with older sealing keys.
    pub(crate) fn open_with(
        settings: &Settings<'_>,
        older: &[(u32, &[u8])],
        json: &str,
        store: i32,
        path: &str,
    ) -> Result<Self, Error> {
        let api = bridge::open_with(settings, older, bridge::settings::read(json)?, backend())?;
        if path.is_empty() == matches!(store, CS_STORE_SQLITE | CS_STORE_POSTGRES) {
            return Err(Error::new(Code::Argument, "config.store_path"));
        }
        let store: Option<Box<dyn Store>> = match store {
            CS_STORE_HOST => None,
            CS_STORE_MEMORY => Some(Box::new(MemoryStore::new())),
            CS_STORE_SQLITE => Some(sqlite(path)?),
            CS_STORE_POSTGRES => Some(postgres(path)?),
            _ => return Err(Error::new(Code::Argument, "config.store")),
        };
        let own = store.map(|store| Own {
            store,
            lanes: Lanes::new(),
        });
        Ok(Self { api, own })
    }

    /// A call whose steps the host takes.
    pub(crate) fn call(&self, request: &Request<'_>) -> Result<Call, Error> {
        if self.own.is_some() {
            return Err(Error::new(Code::OwnStore, "use cs_handle"));
        }
        Ok(Call::new(self.api.call(request)))
    }

    /// A check whose steps the host takes.
    pub(crate) fn check(&self, guard: &Guard, request: &Request<'_>) -> Result<Call, Error> {
        if self.own.is_some() {
            return Err(Error::new(Code::OwnStore, "use cs_guard_check"));
        }
        Ok(Call::check(guard.check(self.api.engine(), request)))
    }

    /// The message of the reply, from the built-in store.
    pub(crate) fn handle(&self, request: &Request<'_>, host: &System) -> Result<Vec<u8>, Error> {
        let own = self.own("use cs_call_begin")?;
        let mut call = self.api.call(request);
        let reply = pollster::block_on(drive(&mut call, own.store.as_ref(), &own.lanes, host));
        Ok(bridge::reply::encode(&reply)?)
    }

    /// A check against the built-in store: kind and message of its end, and what can seal the answer.
    pub(crate) fn checked(
        &self,
        guard: &Guard,
        request: &Request<'_>,
        host: &System,
    ) -> Result<(Kind, Vec<u8>, Option<Call>), Error> {
        let own = self.own("use cs_guard_begin")?;
        let mut check = guard.check(self.api.engine(), request);
        let outcome = pollster::block_on(drive(&mut check, own.store.as_ref(), &own.lanes, host));
        Call::ended(outcome)
    }

    fn own(&self, instead: &'static str) -> Result<&Own, Error> {
        let own = self.own.as_ref();
        own.ok_or_else(|| Error::new(Code::NoStore, instead))
    }
}

/// The best provider that was compiled in; with seeded randomness the one that has none of its own.
fn backend() -> &'static dyn Backend {
    #[cfg(feature = "test-hooks")]
    if crate::hooks::is_seeded() {
        return &countersign_core::crypto::backend::RustCrypto;
    }
    default_backend()
}

#[cfg(feature = "sqlite")]
fn sqlite(path: &str) -> Result<Box<dyn Store>, Error> {
    use countersign_core::store::{Remembering, SqliteStore};
    match SqliteStore::open(path) {
        Ok(store) => Ok(Box::new(Remembering::new(store))),
        Err(error) => Err(Error::new(Code::StoreOpen, error.to_string())),
    }
}

#[cfg(not(feature = "sqlite"))]
fn sqlite(_: &str) -> Result<Box<dyn Store>, Error> {
    Err(Error::new(Code::StoreOpen, "this build has no SQLite"))
}

#[cfg(feature = "postgres")]
fn postgres(url: &str) -> Result<Box<dyn Store>, Error> {
    use countersign_core::store::{PostgresOptions, PostgresStore, Remembering};
    match PostgresStore::open(PostgresOptions::new(url)) {
        Ok(store) => Ok(Box::new(Remembering::new(store))),
        Err(error) => Err(Error::new(Code::StoreOpen, error.to_string())),
    }
}

#[cfg(not(feature = "postgres"))]
fn postgres(_: &str) -> Result<Box<dyn Store>, Error> {
    Err(Error::new(Code::StoreOpen, "this build has no PostgreSQL"))
}

/// Version of the library's interface, to be compared with `CS_ABI_VERSION`: the upper 16 bits must
/// be equal, the lower 16 at least as high.
#[unsafe(no_mangle)]
pub extern "C" fn cs_abi_version() -> u32 {
    CS_ABI_VERSION
}

/// Opens an engine. Sealing keys are copied; the caller may wipe its own.
#[unsafe(no_mangle)]
pub unsafe extern "C" fn cs_engine_new(config: *const cs_config, engine: *mut cs_engine) -> Code {
    guard::run(|| {
        // SAFETY: the caller keeps the conventions.
        let (out, config) = unsafe {
            let oldest = offset_of!(cs_config, settings);
            (
                Out::new(engine, 0, "engine")?,
                raw::grown(config, oldest, "config")?,
            )
        };
        let config: cs_config = config;
        if config.flags & !CS_FLAG_OPEN != 0 {
            return Err(Error::new(Code::Argument, "config.flags"));
        }
        // SAFETY: the caller keeps the conventions.
        let (key, path, json, older) = unsafe {
            (
                raw::bytes(&config.sealing_key, "config.sealing_key")?,
                raw::text(&config.store_path, "config.store_path")?,
                raw::text(&config.settings, "config.settings")?,
                raw::older_keys(&config)?,
            )
        };
        let settings = Settings {
            key_id: config.sealing_key_id,
            key,
            open: config.flags & CS_FLAG_OPEN != 0,
        };
        let json = if json.is_empty() { "{}" } else { json };
        let engine = Engine::open_with(&settings, &older, json, config.store, path)?;
        out.set(handle::insert(Entry::Engine(Arc::new(engine)))?);
        Ok(())
    })
}

/// Closes an engine. Calls that were begun can go on; requests in other threads end first.
#[unsafe(no_mangle)]
pub extern "C" fn cs_engine_free(engine: cs_engine) -> Code {
    guard::run(|| handle::free::<Engine>(engine))
}

/// Answers a request with the engine's built-in store. Blocks until the reply is durable. Any number
/// of threads may do this at the same time.
///
/// `reply` gets a message for `cs_reply_read`, to be freed with `cs_buf_free`.
#[unsafe(no_mangle)]
pub unsafe extern "C" fn cs_handle(
    engine: cs_engine,
    request: *const cs_request,
    now_ms: u64,
    reply: *mut cs_buf,
) -> Code {
    guard::run(|| {
        // SAFETY: the caller keeps the conventions.
        let out = unsafe { Out::new(reply, cs_buf::EMPTY, "reply") }?;
        let engine = handle::get::<Engine>(engine)?;
        let host = System::at(now_ms)?;
        // SAFETY: the caller keeps the conventions.
        let message = unsafe { call::with_request(request, |request| engine.handle(request, &host)) }?;
        out.set(call::buffer(message)?);
        Ok(())
    })
}
