//! Tables as an old server has them, made up: any number of activations, with keys of a few pairs.

use std::fs::File;
use std::io::{BufWriter, Write};
use std::path::Path;

use countersign::crypto::backend::default_backend;
use countersign::crypto::code::ActivationCode;
use countersign::crypto::encoding::base64;
use countersign::crypto::key::KeyPair;
use countersign::crypto::random::{Random, RandomError};

/// Pairs of keys that all activations share: agreeing on a key costs the same with each.
const PAIRS: usize = 64;
/// One token and one line of history for so many activations.
const EVERY: u64 = 10;

/// Numbers from a seed (SplitMix64).
pub(super) struct Seeded(pub(super) u64);

impl Seeded {
    pub(super) fn next(&mut self) -> u64 {
        self.0 = self.0.wrapping_add(0x9e37_79b9_7f4a_7c15);
        let mut mixed = self.0;
        mixed = (mixed ^ (mixed >> 30)).wrapping_mul(0xbf58_476d_1ce4_e5b9);
        mixed = (mixed ^ (mixed >> 27)).wrapping_mul(0x94d0_49bb_1331_11eb);
        mixed ^ (mixed >> 31)
    }

    fn bytes<const N: usize>(&mut self) -> [u8; N] {
        let mut bytes = [0; N];
        for part in bytes.chunks_mut(8) {
            let drawn = self.next().to_le_bytes();
            part.copy_from_slice(drawn.get(..part.len()).unwrap_or_default());
        }
        bytes
    }

    fn uuid(&mut self) -> String {
        let first = self.next() >> 32;
        self.uuid_from(first)
    }

    /// One that begins with these 32 bits.
    fn uuid_from(&mut self, first: u64) -> String {
        let (a, b) = (self.next(), self.next());
        let (first, second, third) = (first & 0xffff_ffff, (a >> 16) & 0xffff, a & 0xfff);
        let (fourth, last) = (((b >> 48) & 0x3fff) | 0x8000, b & 0xffff_ffff_ffff);
        format!("{first:08x}-{second:04x}-4{third:03x}-{fourth:04x}-{last:012x}")
    }
}

impl Random for Seeded {
    fn fill(&mut self, out: &mut [u8]) -> Result<(), RandomError> {
        for part in out.chunks_mut(8) {
            let drawn = self.next().to_le_bytes();
            part.copy_from_slice(drawn.get(..part.len()).ok_or(RandomError)?);
        }
        Ok(())
    }
}

/// A pair as the old server keeps it.
struct Pair {
    private: String,
    public: String,
}

impl Pair {
    fn drawn(seeded: &mut Seeded) -> Result<Self, String> {
        let pair = KeyPair::generate(default_backend(), seeded).map_err(|error| error.to_string())?;
        Ok(Self {
            private: base64::encode(pair.private.to_signed_bytes().as_bytes()),
            public: base64::encode(pair.public.as_bytes()),
        })
    }
}

/// A file that begins with the names of its columns.
fn file(folder: &Path, table: &str, columns: &str) -> Result<BufWriter<File>, String> {
    let path = folder.join(format!("{table}.csv"));
    let file = File::create(&path).map_err(|error| format!("{}: {error}", path.display()))?;
    let mut file = BufWriter::with_capacity(1 << 20, file);
    writeln!(file, "{columns}").map_err(|error| error.to_string())?;
    Ok(file)
}

/// How the activations follow each other.
#[derive(Clone, Copy)]
pub(super) enum Order {
    /// As a running database is read.
    ById,
    /// As `COPY` writes a table without being told an order.
    Shuffled,
}

/// Writes tables with so many activations into `folder`; the same for the same seed.
pub(super) fn write(folder: &Path, activations: u64, order: Order, seed: u64) -> Result<(), String> {
    const MOMENT: &str = "2026-11-21 21:41:54.244";
    let failed = |error: std::io::Error| error.to_string();
    let mut seeded = Seeded(seed);
    let master = Pair::drawn(&mut seeded)?;
    let pairs = (0..PAIRS)
        .map(|_| Pair::drawn(&mut seeded))
        .collect::<Result<Vec<_>, _>>()?;
    let mut it = file(folder, "pa_application", "id,name,roles")?;
    writeln!(it, "1,bank,[]")
        .and_then(|()| it.flush())
        .map_err(failed)?;
    let columns = "id,application_id,application_key,application_secret,name,supported";
    let mut it = file(folder, "pa_application_version", columns)?;
    let [key, secret] = [(); 2].map(|()| base64::encode(&seeded.bytes::<16>()));
    writeln!(it, "1,1,{key},{secret},default,t")
        .and_then(|()| it.flush())
        .map_err(failed)?;
    let columns =
        "id,application_id,master_key_private_base64,master_key_public_base64,name,timestamp_created";
    let mut it = file(folder, "pa_master_keypair", columns)?;
    writeln!(it, "1,1,{},{},pair,{MOMENT}", master.private, master.public)
        .and_then(|()| it.flush())
        .map_err(failed)?;

    let columns = "activation_id,application_id,user_id,activation_name,activation_code,activation_status,activation_otp,\
        activation_otp_validation,blocked_reason,counter,ctr_data,device_public_key_base64,extras,platform,device_info,flags,\
        failed_attempts,max_failed_attempts,server_private_key_base64,server_private_key_encryption,server_public_key_base64,\
        timestamp_activation_expire,timestamp_created,timestamp_last_used,timestamp_last_change,master_keypair_id,version";
    let mut rows = file(folder, "pa_activation", columns)?;
    let columns = "token_id,token_secret,activation_id,signature_type,timestamp_created";
    let mut tokens = file(folder, "pa_token", columns)?;
    let columns = "id,activation_id,activation_status,event_reason,external_user_id,timestamp_created,activation_version,\
        activation_name";
    let mut history = file(folder, "pa_activation_history", columns)?;
    for (number, (server, device)) in (0..activations).zip(pairs.iter().zip(pairs.iter().skip(1)).cycle()) {
        let id = match order {
            Order::ById => seeded.uuid_from((number << 32) / activations),
            Order::Shuffled => seeded.uuid(),
        };
        // Ids and users have nothing to do with each other.
        let user = seeded.next() >> 24;
        let code = ActivationCode::from_random(seeded.bytes());
        let counter = seeded.next() % 5_000;
        let data = base64::encode(&seeded.bytes::<16>());
        writeln!(
            rows,
            "{id},1,user-{user},phone,{},3,,0,,{counter},{data},{},,ios,\"iPhone15,3\",[],0,5,{},0,{},\
             2100-01-01 00:00:00,{MOMENT},{MOMENT},{MOMENT},1,3",
            code.as_str(),
            device.public,
            server.private,
            server.public
        )
        .map_err(failed)?;
        if number % EVERY == 0 {
            let (token, secret) = (seeded.uuid(), base64::encode(&seeded.bytes::<16>()));
            writeln!(tokens, "{token},{secret},{id},POSSESSION,{MOMENT}").map_err(failed)?;
            let line = number / EVERY + 1;
            writeln!(history, "{line},{id},3,,,{MOMENT},3,phone").map_err(failed)?;
        }
    }
    for mut it in [rows, tokens, history] {
        it.flush().map_err(failed)?;
    }
    Ok(())
}
