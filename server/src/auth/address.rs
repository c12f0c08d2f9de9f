//! Where a request comes from.

use actix_web::HttpRequest;
use std::net::{IpAddr, Ipv6Addr};

/// The peer, or what a trusted proxy says. An IPv6 caller owns at least a /64, so that counts as one.
pub fn address(request: &HttpRequest, trust_proxy: bool) -> String {
    let peer = request.peer_addr().map(|peer| peer.ip());
    // The proxy writes its own word last; what stands before it is the caller's.
    let said = if trust_proxy { request.headers().get_all("x-forwarded-for").last() } else { None };
    let said = said.and_then(|value| value.to_str().ok()?.rsplit(',').next()?.trim().parse::<IpAddr>().ok());
    match said.or(peer).map(|address| address.to_canonical()) {
        Some(IpAddr::V4(address)) => address.to_string(),
        Some(IpAddr::V6(address)) => {
            let [a, b, c, d, ..] = address.segments();
            format!("{}/64", Ipv6Addr::new(a, b, c, d, 0, 0, 0, 0))
        }
        None => String::from("unknown"),
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use actix_web::test::TestRequest;

    #[test]
    fn only_a_trusted_proxy_says_where_a_request_comes_from() {
        let request = TestRequest::default()
            .peer_addr("10.0.0.1:4000".parse().unwrap())
            .insert_header(("X-Forwarded-For", "1.2.3.4, 203.0.113.9"))
            .to_http_request();
        assert_eq!(address(&request, false), "10.0.0.1");
        assert_eq!(address(&request, true), "203.0.113.9");
        let six = TestRequest::default().peer_addr("[2001:db8:1:2:3::4]:1".parse().unwrap()).to_http_request();
        assert_eq!(address(&six, false), "2001:db8:1:2::/64");
    }
}
