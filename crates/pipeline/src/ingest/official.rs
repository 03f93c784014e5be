//! Which addresses count as official.

use url::Url;

/// The address if it is on a host of the state (`*.gov.cn`), judged by the parsed host and not by how it looks.
pub(crate) fn official_url(text: &str) -> Option<String> {
    let url = Url::parse(text.trim()).ok()?;
    let host = url.host_str()?;
    let official = host == "gov.cn" || host.ends_with(".gov.cn");
    let plain = matches!(url.scheme(), "http" | "https") && url.username().is_empty() && url.password().is_none();
    (official && plain).then(|| url.to_string())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn only_hosts_of_the_state_are_official() {
        for yes in [
            "https://www.gov.cn/zhengce/1.htm",
            "http://kjj.wuhan.gov.cn/a?b=1",
            "https://etax.guangdong.chinatax.gov.cn/",
        ] {
            assert!(official_url(yes).is_some(), "{yes}");
        }
        for no in [
            "https://www.gov.cn.evil.com/",
            "https://evil.com/?gov.cn",
            "https://gov.cn@evil.com/",
            "https://user@www.gov.cn/",
            "https://notgov.cn/",
            "ftp://www.gov.cn/",
            "javascript:alert(1)//.gov.cn",
            "www.gov.cn",
            "",
        ] {
            assert_eq!(official_url(no), None, "{no}");
        }
    }
}
