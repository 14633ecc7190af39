//! Whose address is recorded when proxies stand between a phone and this server.
//!
//! Anybody can send `X-Forwarded-For`. Each proxy appends the address that it was called from, so that the
//! header is read from its end, and only as far as trusted proxies vouch for it.

use std::net::IpAddr;

use axum::http::HeaderMap;
use countersign::engine::callback::reach::Network;

const FORWARDED_FOR: &str = "x-forwarded-for";

/// Reads the address of a proxy, or a network of them. The public internet is none.
pub(crate) fn network(text: &str) -> Result<Network, String> {
    match text.parse() {
        Ok(network @ Network::Range { .. }) => Ok(network),
        Ok(Network::Public) | Err(_) => {
            Err("expected an address, or a network such as `10.0.0.0/8`".to_owned())
        }
    }
}

/// The address of the caller: the last one in the chain of proxies that no trusted one vouches for. What
/// is no address ends the chain.
pub(crate) fn caller(trusted: &[Network], peer: IpAddr, headers: &HeaderMap) -> IpAddr {
    let mut caller = peer.to_canonical();
    let values = headers.get_all(FORWARDED_FOR).iter().rev();
    let hops = values.flat_map(|value| value.to_str().unwrap_or_default().rsplit(','));
    for hop in hops {
        if !trusted.iter().any(|network| network.contains(caller)) {
            break;
        }
        match hop.trim().parse::<IpAddr>() {
            Ok(address) => caller = address.to_canonical(),
            Err(_) => break,
        }
    }
    caller
}

/// What one customer of a provider has: an address of IPv4, a network of 64 bits of IPv6.
pub(crate) fn customer(address: IpAddr) -> IpAddr {
    match address.to_canonical() {
        IpAddr::V6(address) => IpAddr::V6((address.to_bits() & (u128::MAX << 64)).into()),
        address @ IpAddr::V4(_) => address,
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn seen(trusted: &[&str], peer: &str, headers: &[&str]) -> String {
        let trusted: Vec<Network> = trusted.iter().map(|text| network(text).unwrap()).collect();
        let mut map = HeaderMap::new();
        for value in headers {
            map.append(FORWARDED_FOR, value.parse().unwrap());
        }
        caller(&trusted, peer.parse().unwrap(), &map).to_string()
    }

    #[test]
    fn only_trusted_proxies_are_believed() {
        let cases: [(&[&str], &str, &[&str], &str); 11] = [
            (&[], "10.0.0.1", &["192.0.2.1"], "10.0.0.1"),
            (&["10.0.0.2"], "10.0.0.1", &["192.0.2.1"], "10.0.0.1"),
            (&["10.0.0.1"], "10.0.0.1", &[], "10.0.0.1"),
            (&["10.0.0.1"], "10.0.0.1", &["192.0.2.1"], "192.0.2.1"),
            // The phone made up the first address, the proxy appended the second.
            (&["10.0.0.1"], "10.0.0.1", &["192.0.2.1, 192.0.2.2"], "192.0.2.2"),
            (
                &["10.0.0.0/8"],
                "10.0.0.1",
                &["192.0.2.1, 192.0.2.2, 10.9.9.9"],
                "192.0.2.2",
            ),
            (
                &["10.0.0.0/8"],
                "10.0.0.1",
                &["192.0.2.1", "192.0.2.2", "10.9.9.9"],
                "192.0.2.2",
            ),
            (
                &["10.0.0.0/8"],
                "10.0.0.1",
                &["192.0.2.1, nonsense, 10.9.9.9"],
                "10.9.9.9",
            ),
            (&["0.0.0.0/0"], "10.0.0.1", &["192.0.2.1, 192.0.2.2"], "192.0.2.1"),
            (
                &["127.0.0.1"],
                "::ffff:127.0.0.1",
                &["2001:db8::1"],
                "2001:db8::1",
            ),
            (&["2001:db8::/32"], "2001:db8:1::1", &["192.0.2.1"], "192.0.2.1"),
        ];
        for (trusted, peer, headers, expected) in cases {
            assert_eq!(
                seen(trusted, peer, headers),
                expected,
                "{trusted:?} {peer} {headers:?}"
            );
        }
    }

    #[test]
    fn networks() {
        assert!(network("10.0.0.0/8").is_ok() && network("2001:db8::1").is_ok());
        for wrong in ["", "public", "proxy.example", "10.0.0.1/33"] {
            assert!(network(wrong).is_err(), "{wrong}");
        }
    }
}
