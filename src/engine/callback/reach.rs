//! Which receivers may be connected to.
//!
//! Whoever may write a callback URL would otherwise make the server call anything that it can reach and
//! the caller cannot. So a name is judged before it is resolved, and every address before it is connected
//! to, which is after it was resolved: a name may change its address in between.

use std::net::{IpAddr, Ipv4Addr, Ipv6Addr};
use std::str::FromStr;

use super::target::Target;

/// Addresses that callbacks may go to.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Network {
    /// The public internet: nothing private, local, reserved or translated.
    Public,
    /// Addresses that begin like this one.
    Range {
        /// An address inside.
        base: IpAddr,
        /// Number of leading bits that count, at most 32 or 128.
        prefix: u8,
    },
}

/// What a network has to look like.
#[derive(Clone, Copy, Debug, PartialEq, Eq, thiserror::Error)]
#[error("expected `public`, an address, or a network such as `10.0.0.0/8`")]
pub struct NotANetwork;

impl FromStr for Network {
    type Err = NotANetwork;

    fn from_str(text: &str) -> Result<Self, NotANetwork> {
        if text == "public" {
            return Ok(Self::Public);
        }
        let (base, prefix) = match text.split_once('/') {
            Some((base, prefix)) => (base, Some(prefix)),
            None => (text, None),
        };
        let base: IpAddr = base.parse().map_err(|_| NotANetwork)?;
        let longest = if base.is_ipv4() { 32 } else { 128 };
        let prefix = match prefix {
            None => longest,
            Some(digits) => {
                let plain = digits.bytes().all(|it| it.is_ascii_digit());
                let prefix = digits.parse::<u8>().map_err(|_| NotANetwork)?;
                if !plain || prefix > longest {
                    return Err(NotANetwork);
                }
                prefix
            }
        };
        Ok(Self::Range { base, prefix })
    }
}

impl Network {
    /// Whether the address belongs to it. Addresses of one family never belong to a range of the other.
    pub fn contains(self, address: IpAddr) -> bool {
        match (self, address) {
            (Self::Public, IpAddr::V4(address)) => is_public_v4(address),
            (Self::Public, IpAddr::V6(address)) => is_public_v6(address),
            (
                Self::Range {
                    base: IpAddr::V4(base),
                    prefix,
                },
                IpAddr::V4(address),
            ) => {
                let mask = u32::MAX.checked_shl(32 - u32::from(prefix)).unwrap_or(0);
                base.to_bits() & mask == address.to_bits() & mask
            }
            (
                Self::Range {
                    base: IpAddr::V6(base),
                    prefix,
                },
                IpAddr::V6(address),
            ) => {
                let mask = u128::MAX.checked_shl(128 - u32::from(prefix)).unwrap_or(0);
                base.to_bits() & mask == address.to_bits() & mask
            }
            (Self::Range { .. }, _) => false,
        }
    }
}

/// An operator's list of receivers.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Reach {
    /// Networks; an address in none of them is not connected to.
    pub networks: Vec<Network>,
    /// Host names, compared without regard to case; one that begins with a dot stands for everything
    /// below it. Empty for any.
    pub hosts: Vec<String>,
    /// Whether plain http is refused.
    pub https_only: bool,
}

impl Default for Reach {
    /// The public internet.
    fn default() -> Self {
        Self {
            networks: vec![Network::Public],
            hosts: Vec::new(),
            https_only: false,
        }
    }
}

impl Reach {
    /// Whether a URL's scheme and host are allowed.
    pub fn permits(&self, target: &Target<'_>) -> bool {
        if self.https_only && !target.secure {
            return false;
        }
        let host = target.host.strip_suffix('.').unwrap_or(target.host);
        let matches = |known: &String| match known.strip_prefix('.') {
            Some(parent) => host
                .to_ascii_lowercase()
                .strip_suffix(&parent.to_ascii_lowercase())
                .is_some_and(|rest| rest.len() > 1 && rest.ends_with('.')),
            None => host.eq_ignore_ascii_case(known),
        };
        self.hosts.is_empty() || self.hosts.iter().any(matches)
    }

    /// Whether an address may be connected to. Link-local addresses, those of metadata services and those
    /// that stand for no single host never are.
    pub fn permits_address(&self, address: IpAddr) -> bool {
        let address = meant(address);
        !is_never(address) && self.networks.iter().any(|network| network.contains(address))
    }
}

/// The IPv4 address that an IPv6 address is only another form of.
fn meant(address: IpAddr) -> IpAddr {
    match address.to_canonical() {
        IpAddr::V6(v6) => match v6.segments() {
            // NAT64: a translator connects to the last 32 bits.
            [0x64, 0xff9b, 0, 0, 0, 0, high, low] => {
                IpAddr::V4(Ipv4Addr::from_bits(u32::from(high) << 16 | u32::from(low)))
            }
            _ => IpAddr::V6(v6),
        },
        v4 => v4,
    }
}

/// Metadata services of clouds outside the link-local networks.
const METADATA: [IpAddr; 3] = [
    IpAddr::V4(Ipv4Addr::new(100, 100, 100, 200)),
    IpAddr::V4(Ipv4Addr::new(192, 0, 0, 192)),
    IpAddr::V6(Ipv6Addr::new(0xfd00, 0xec2, 0, 0, 0, 0, 0, 0x254)),
];

fn is_never(address: IpAddr) -> bool {
    let other = match address {
        IpAddr::V4(it) => it.is_link_local() || it.is_broadcast() || it.octets()[0] == 0,
        IpAddr::V6(it) => it.is_unicast_link_local(),
    };
    other || address.is_unspecified() || address.is_multicast() || METADATA.contains(&address)
}

fn is_public_v4(address: Ipv4Addr) -> bool {
    let [a, b, c, _] = address.octets();
    let special = matches!(
        (a, b, c),
        (0 | 10 | 127 | 224.., _, _)
            | (100, 64..=127, _)
            | (169, 254, _)
            | (172, 16..=31, _)
            | (192, 0, 0 | 2)
            | (192, 88, 99)
            | (192, 168, _)
            | (198, 18 | 19, _)
            | (198, 51, 100)
            | (203, 0, 113)
    );
    !special
}

fn is_public_v6(address: Ipv6Addr) -> bool {
    let [a, b, ..] = address.segments();
    let global = a & 0xe000 == 0x2000;
    let special = match (a, b) {
        // Protocol assignments (Teredo among them), documentation, 6to4, documentation.
        (0x2001, 0x0000..=0x01ff | 0x0db8) | (0x2002, _) => true,
        (0x3fff, b) => b < 0x1000,
        _ => false,
    };
    global && !special
}

#[cfg(test)]
mod tests {
    use super::*;

    fn reach(networks: &[&str]) -> Reach {
        Reach {
            networks: networks.iter().map(|it| it.parse().unwrap()).collect(),
            ..Reach::default()
        }
    }

    fn permits(reach: &Reach, address: &str) -> bool {
        reach.permits_address(address.parse().unwrap())
    }

    const INSIDE: [&str; 44] = [
        "0.0.0.0",
        "0.1.2.3",
        "10.0.0.1",
        "10.255.255.255",
        "100.64.0.1",
        "100.100.100.200",
        "100.127.255.255",
        "127.0.0.1",
        "127.255.255.255",
        "169.254.0.1",
        "169.254.169.254",
        "172.16.0.1",
        "172.31.255.255",
        "192.0.0.192",
        "192.0.2.1",
        "192.88.99.1",
        "192.168.0.1",
        "198.18.0.1",
        "198.19.255.255",
        "198.51.100.1",
        "203.0.113.1",
        "224.0.0.1",
        "240.0.0.1",
        "255.255.255.255",
        "::",
        "::1",
        "::127.0.0.1",
        "::ffff:127.0.0.1",
        "::ffff:10.0.0.1",
        "::ffff:169.254.169.254",
        "64:ff9b::a00:1",
        "64:ff9b::7f00:1",
        "64:ff9b::a9fe:a9fe",
        "64:ff9b:1::1",
        "2001::1",
        "2001:db8::1",
        "2002:7f00:1::",
        "2002:808:808::1",
        "3fff::1",
        "fc00::1",
        "fd00:ec2::254",
        "fe80::1",
        "fec0::1",
        "ff02::1",
    ];

    #[test]
    fn by_default_only_the_public_internet() {
        let public = reach(&["public"]);
        assert_eq!(public, Reach::default());
        for address in INSIDE {
            assert!(!permits(&public, address), "{address}");
        }
        let outside = [
            "1.1.1.1",
            "8.8.8.8",
            "100.63.255.255",
            "100.128.0.0",
            "172.15.0.1",
            "172.32.0.1",
            "192.0.1.1",
            "223.255.255.255",
            "::ffff:8.8.8.8",
            "64:ff9b::808:808",
            "2001:200::1",
            "2606:4700::1111",
            "2a00:1450::1",
        ];
        for address in outside {
            assert!(permits(&public, address), "{address}");
        }
        println!("{} addresses inside, {} outside", INSIDE.len(), outside.len());
    }

    #[test]
    fn private_networks_by_list() {
        let listed = reach(&["10.1.0.0/16", "127.0.0.1", "fd12::/16"]);
        for address in [
            "10.1.2.3",
            "127.0.0.1",
            "::ffff:10.1.0.1",
            "64:ff9b::a01:1",
            "fd12:3::4",
        ] {
            assert!(permits(&listed, address), "{address}");
        }
        for address in ["10.2.0.1", "127.0.0.2", "8.8.8.8", "fd13::1", "2a00:1450::1"] {
            assert!(!permits(&listed, address), "{address}");
        }
        assert!(!permits(&reach(&[]), "8.8.8.8"));
    }

    #[test]
    fn some_addresses_whatever_the_list_says() {
        let everything = reach(&["0.0.0.0/0", "::/0", "public"]);
        let never = [
            "0.0.0.0",
            "0.1.2.3",
            "100.100.100.200",
            "169.254.169.254",
            "192.0.0.192",
            "224.0.0.1",
            "255.255.255.255",
            "::",
            "::ffff:169.254.169.254",
            "64:ff9b::a9fe:a9fe",
            "fd00:ec2::254",
            "fe80::1",
            "ff02::1",
        ];
        for address in never {
            assert!(!permits(&everything, address), "{address}");
        }
        assert!(permits(&everything, "127.0.0.1") && permits(&everything, "fd00::1"));
    }

    #[test]
    fn names_and_schemes() {
        let reach = Reach {
            hosts: vec!["bank.example".to_owned(), ".Internal.example".to_owned()],
            https_only: true,
            ..Reach::default()
        };
        let permits = |url: &str| reach.permits(&Target::parse(url).unwrap());
        for url in [
            "https://bank.example",
            "https://BANK.example./x",
            "https://a.internal.example:8443/",
            "https://a.b.internal.EXAMPLE/",
        ] {
            assert!(permits(url), "{url}");
        }
        for url in [
            "http://bank.example",
            "https://bank.example.evil.example",
            "https://notbank.example",
            "https://internal.example",
            "https://notinternal.example",
            "https://127.0.0.1",
        ] {
            assert!(!permits(url), "{url}");
        }
    }

    #[test]
    fn networks() {
        for wrong in [
            "",
            "x",
            "10.0.0.0/33",
            "10.0.0.0/",
            "10.0.0.0/+8",
            "10.0.0/8",
            "::/129",
            "public/8",
            "1.2.3.4/8/8",
        ] {
            assert_eq!(wrong.parse::<Network>(), Err(NotANetwork), "{wrong}");
        }
    }
}
