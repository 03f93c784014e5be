//! Which addresses a webhook may point to. Pure: the answer for a written address, and for one IP address.
//!
//! A webhook address is chosen by its owner and called from inside our network, so it must not become a way in
//! (server-side request forgery). Three rules hold together:
//!
//! 1. the *written* address is judged on the parsed host, never on the string: `2130706433`, `0x7f.1` and
//!    `[::ffff:127.0.0.1]` are all `127.0.0.1`;
//! 2. every address a *name resolves to* is judged again when it is called, because names change;
//! 3. an operator may open networks by CIDR for the whole installation (a government intranet needs that), never a
//!    single subscriber. Only there is clear-text `http` allowed.

use std::net::{IpAddr, Ipv4Addr, Ipv6Addr};

use ipnet::{IpNet, Ipv4Net, Ipv6Net};
use thiserror::Error;
use url::{Host, Url};

/// Networks of the IANA special-purpose registries (RFC 6890 and updates) that no webhook may reach, and two
/// addresses that clouds answer their metadata on.
const FORBIDDEN_V4: [Ipv4Net; 18] = [
    v4(0, 0, 0, 0, 8),        // this host
    v4(10, 0, 0, 0, 8),       // private
    v4(100, 64, 0, 0, 10),    // carrier-grade NAT, with 阿里云 metadata at 100.100.100.200
    v4(127, 0, 0, 0, 8),      // loopback
    v4(168, 63, 129, 16, 32), // Azure's wire server, on a public address
    v4(169, 254, 0, 0, 16),   // link-local, with the metadata of most clouds
    v4(172, 16, 0, 0, 12),    // private
    v4(192, 0, 0, 0, 24),     // IETF protocol assignments, with Oracle's metadata
    v4(192, 0, 2, 0, 24),     // documentation
    v4(192, 31, 196, 0, 24),  // AS112
    v4(192, 88, 99, 0, 24),   // 6to4 relays
    v4(192, 168, 0, 0, 16),   // private
    v4(192, 175, 48, 0, 24),  // AS112
    v4(198, 18, 0, 0, 15),    // benchmarking
    v4(198, 51, 100, 0, 24),  // documentation
    v4(203, 0, 113, 0, 24),   // documentation
    v4(224, 0, 0, 0, 4),      // multicast
    v4(240, 0, 0, 0, 4),      // reserved, with broadcast
];

/// Only global unicast is ever allowed; these parts of it are not.
const GLOBAL_UNICAST_V6: Ipv6Net = v6(0x2000, 0, 0, 3);
const FORBIDDEN_V6: [Ipv6Net; 4] = [
    v6(0x2001, 0, 0, 23),     // protocol assignments: Teredo, ORCHID, benchmarking
    v6(0x2001, 0xdb8, 0, 32), // documentation
    v6(0x2002, 0, 0, 16),     // 6to4: an IPv4 address in disguise
    v6(0x3fff, 0, 0, 20),     // documentation
];

/// Ports above 1023 where something other than a webhook listens: the bad ports of the Fetch standard, and stores.
const FORBIDDEN_PORTS: [u16; 27] = [
    1719, 1720, 1723, 2049, 2375, 2376, 2379, 3306, 3659, 4045, 4190, 5060, 5061, 5432, 6000, 6379, 6566, 6665, 6666,
    6667, 6668, 6669, 6679, 6697, 9200, 10080, 11211,
];

const fn v4(a: u8, b: u8, c: u8, d: u8, prefix: u8) -> Ipv4Net {
    Ipv4Net::new_assert(Ipv4Addr::new(a, b, c, d), prefix)
}

const fn v6(a: u16, b: u16, c: u16, prefix: u8) -> Ipv6Net {
    Ipv6Net::new_assert(Ipv6Addr::new(a, b, c, 0, 0, 0, 0, 0), prefix)
}

/// What the operator opened beyond the public internet.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct UrlPolicy {
    allowed: Vec<IpNet>,
}

impl UrlPolicy {
    /// `allowed` are the CIDRs of `outbound.allow`; empty means the public internet over `https` only.
    pub fn new(allowed: Vec<IpNet>) -> Self {
        Self { allowed }
    }

    /// Parses and judges a written address.
    ///
    /// # Errors
    /// The first rule it breaks. An `Ok` still says nothing about what its name resolves to.
    pub fn check(&self, text: &str) -> Result<Url, UrlProblem> {
        if text.chars().any(|c| c.is_control() || c == '\\') {
            return Err(UrlProblem::Unreadable);
        }
        let url = Url::parse(text.trim()).map_err(|_| UrlProblem::Unreadable)?;
        if !matches!(url.scheme(), "http" | "https") {
            return Err(UrlProblem::Scheme);
        }
        if !url.username().is_empty() || url.password().is_some() {
            return Err(UrlProblem::Credentials);
        }
        check_port(&url)?;
        self.check_host(&url)?;
        Ok(url)
    }

    /// Whether a connection to this address may be opened at all.
    pub fn permits(&self, ip: IpAddr) -> bool {
        let ip = ip.to_canonical();
        self.opens(ip) || is_public(ip)
    }

    /// Whether the operator opened this address: only there may the request be clear text.
    pub fn opens(&self, ip: IpAddr) -> bool {
        let ip = ip.to_canonical();
        self.allowed.iter().any(|network| network.contains(&ip))
    }

    fn check_host(&self, url: &Url) -> Result<(), UrlProblem> {
        match url.host().ok_or(UrlProblem::Unreadable)? {
            Host::Ipv4(ip) => self.check_ip(url, IpAddr::V4(ip)),
            Host::Ipv6(ip) => self.check_ip(url, IpAddr::V6(ip)),
            Host::Domain(name) => self.check_name(url, name),
        }
    }

    fn check_ip(&self, url: &Url, ip: IpAddr) -> Result<(), UrlProblem> {
        if !self.permits(ip) {
            return Err(UrlProblem::ForbiddenAddress);
        }
        if url.scheme() == "http" && !self.opens(ip) { Err(UrlProblem::ClearText) } else { Ok(()) }
    }

    /// Names that can only mean something inside are refused unless an inside was opened; which address they really
    /// have is judged when they are called.
    fn check_name(&self, url: &Url, name: &str) -> Result<(), UrlProblem> {
        let name = name.trim_end_matches('.');
        let is_loopback = name == "localhost" || name.ends_with(".localhost");
        if is_loopback && !self.opens(IpAddr::V4(Ipv4Addr::LOCALHOST)) && !self.opens(IpAddr::V6(Ipv6Addr::LOCALHOST)) {
            return Err(UrlProblem::ForbiddenAddress);
        }
        if self.allowed.is_empty() {
            if !name.contains('.') {
                return Err(UrlProblem::ForbiddenAddress);
            }
            if url.scheme() == "http" {
                return Err(UrlProblem::ClearText);
            }
        }
        Ok(())
    }
}

fn check_port(url: &Url) -> Result<(), UrlProblem> {
    let is_web = |port: u16| matches!(port, 80 | 443) || (port >= 1024 && !FORBIDDEN_PORTS.contains(&port));
    match url.port() {
        Some(port) if !is_web(port) => Err(UrlProblem::Port),
        _ => Ok(()),
    }
}

/// `ip` must be canonical (IPv4-mapped addresses already IPv4).
fn is_public(ip: IpAddr) -> bool {
    match ip {
        IpAddr::V4(ip) => !FORBIDDEN_V4.iter().any(|network| network.contains(&ip)),
        IpAddr::V6(ip) => GLOBAL_UNICAST_V6.contains(&ip) && !FORBIDDEN_V6.iter().any(|network| network.contains(&ip)),
    }
}

/// Why an address may not be called. It never says what a name resolved to: that is for the operator's log.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Error)]
pub enum UrlProblem {
    #[error("the address is not a url")]
    Unreadable,
    #[error("the scheme is neither https nor http")]
    Scheme,
    #[error("the url holds a user name or password")]
    Credentials,
    #[error("the port is not one webhooks use")]
    Port,
    #[error("the destination is not allowed")]
    ForbiddenAddress,
    #[error("clear-text http is allowed only in networks the operator opened")]
    ClearText,
}

impl UrlProblem {
    /// What to do about it, in Chinese.
    pub fn remedy(self) -> &'static str {
        match self {
            Self::Unreadable => "地址无法识别，请填写完整的网址，例如 https://example.com/hook",
            Self::Scheme => "只支持 https:// 开头的地址",
            Self::Credentials => "地址里不能带用户名或密码，请改用签名密钥核验来源",
            Self::Port => "该端口不能用于接收通知，请使用 443 或 1024 以上的常用网页端口",
            Self::ForbiddenAddress => {
                "不能使用内网、本机或保留地址，请填写公网可访问的地址；政务内网请联系系统管理员开通"
            }
            Self::ClearText => "请使用 https:// 地址；明文 http 只能用于系统管理员开通的网段",
        }
    }
}

#[cfg(test)]
mod tests {
    use UrlProblem as P;

    use super::*;

    fn strict() -> UrlPolicy {
        UrlPolicy::default()
    }

    fn opened(cidr: &str) -> UrlPolicy {
        UrlPolicy::new(vec![cidr.parse().unwrap()])
    }

    fn refused(expected: P, urls: &[&str]) {
        for url in urls {
            assert_eq!(strict().check(url), Err(expected), "{url}");
        }
    }

    #[test]
    fn a_public_https_address_is_accepted() {
        let public = [
            "https://example.com/hook",
            "https://example.com:8443/hook?x=1#y",
            "https://例子.中国/通知",
            "https://93.184.216.34/",
            "https://[2606:2800:220:1:248:1893:25c8:1946]/",
            "https://example.com./",
            "https://a.b.c.example.co.uk:443",
            " https://example.com/ ",
            "https://172.32.0.1/",
            "https://100.128.0.1/",
            "https://198.20.0.1/",
            "https://223.255.255.254/",
        ];
        for url in public {
            assert!(strict().check(url).is_ok(), "{url}");
        }
    }

    #[test]
    fn every_spelling_of_an_inside_ipv4_address_is_refused() {
        refused(
            P::ForbiddenAddress,
            &[
                "https://127.0.0.1/",
                "https://127.1/",
                "https://2130706433/",
                "https://0x7f.1/",
                "https://0x7f000001/",
                "https://0177.0.0.1/",
                "https://127。0。0。1/",
                "https://１２７.0.0.1/",
                "https://%31%32%37.0.0.1/",
                "https://0/",
                "https://0.0.0.0/",
                "https://10.0.0.8/",
                "https://10.255.255.255/",
                "https://172.16.0.1/",
                "https://172.31.255.255/",
                "https://192.168.1.1/",
                "https://169.254.169.254/latest/meta-data/",
                "https://100.100.100.200/latest/meta-data/",
                "https://100.64.0.1/",
                "https://168.63.129.16/",
                "https://192.0.0.192/",
                "https://192.0.2.1/",
                "https://192.88.99.1/",
                "https://198.18.0.1/",
                "https://198.19.255.255/",
                "https://198.51.100.7/",
                "https://203.0.113.9/",
                "https://224.0.0.1/",
                "https://239.255.255.250/",
                "https://240.0.0.1/",
                "https://255.255.255.255/",
            ],
        );
    }

    #[test]
    fn every_spelling_of_an_inside_ipv6_address_is_refused() {
        refused(
            P::ForbiddenAddress,
            &[
                "https://[::]/",
                "https://[::1]/",
                "https://[0:0:0:0:0:0:0:1]/",
                "https://[::ffff:127.0.0.1]/",
                "https://[::ffff:7f00:1]/",
                "https://[::ffff:10.0.0.1]/",
                "https://[::127.0.0.1]/",
                "https://[64:ff9b::7f00:1]/",
                "https://[64:ff9b::8.8.8.8]/",
                "https://[64:ff9b:1::1]/",
                "https://[100::1]/",
                "https://[2001::1]/",
                "https://[2001:20::1]/",
                "https://[2001:db8::1]/",
                "https://[2002:7f00:1::]/",
                "https://[3fff::1]/",
                "https://[5f00::1]/",
                "https://[fc00::1]/",
                "https://[fd00:ec2::254]/",
                "https://[fe80::1]/",
                "https://[fec0::1]/",
                "https://[ff02::1]/",
            ],
        );
    }

    #[test]
    fn names_of_this_host_and_bare_names_are_refused() {
        refused(
            P::ForbiddenAddress,
            &[
                "https://localhost/",
                "https://LOCALHOST:8443/",
                "https://localhost./",
                "https://hooks.localhost/",
                "https://intranet/",
                "https://db/",
            ],
        );
    }

    #[test]
    fn other_schemes_credentials_ports_and_unreadable_text_are_refused() {
        refused(P::Scheme, &["file:///etc/passwd", "gopher://example.com/", "ftp://example.com/", "ws://example.com/"]);
        refused(P::Scheme, &["javascript:alert(1)", "data:text/plain,x"]);
        refused(P::Credentials, &["https://a@example.com/", "https://a:b@example.com/", "https://:b@example.com/"]);
        refused(P::Credentials, &["https://example.com@127.0.0.1/"]);
        refused(P::Port, &["https://example.com:22/", "https://example.com:25/", "https://example.com:6379/"]);
        refused(P::Port, &["https://example.com:0/", "https://example.com:1023/", "https://example.com:5432/"]);
        refused(P::ClearText, &["http://example.com/", "http://93.184.216.34/"]);
        refused(
            P::Unreadable,
            &[
                "",
                "example.com/hook",
                "https://",
                "https://[fe80::1%25eth0]/",
                "https://exa mple.com/",
                "https://example.com\\@127.0.0.1/",
                "https://example.com/\r\nHost: x",
                "https://256.1.1.1/",
                "https://example.com:99999/",
            ],
        );
    }

    #[test]
    fn an_opened_network_allows_itself_and_nothing_else() {
        let policy = opened("10.20.0.0/16");
        assert!(policy.check("http://10.20.3.4:8080/hook").is_ok());
        assert!(policy.check("http://[::ffff:10.20.3.4]/hook").is_ok());
        assert!(policy.check("http://receiver:8080/hook").is_ok(), "what the name means is judged when it is called");
        assert_eq!(policy.check("http://10.21.0.1/"), Err(P::ForbiddenAddress));
        assert_eq!(policy.check("http://93.184.216.34/"), Err(P::ClearText));
        assert_eq!(policy.check("https://localhost/"), Err(P::ForbiddenAddress));
        assert!(opened("127.0.0.0/8").check("http://localhost:8080/").is_ok());
        assert!(!policy.opens("93.184.216.34".parse().unwrap()));
    }

    #[test]
    fn every_remedy_is_chinese() {
        for problem in [P::Unreadable, P::Scheme, P::Credentials, P::Port, P::ForbiddenAddress, P::ClearText] {
            assert!(problem.remedy().chars().any(|c| ('\u{4e00}'..='\u{9fff}').contains(&c)), "{problem}");
        }
    }
}
