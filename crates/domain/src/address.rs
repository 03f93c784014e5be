//! E-mail addresses as a person types them: one plain address, or a sentence about what to change.

use std::fmt;

use thiserror::Error;

/// RFC 5321 §4.5.3.1: path without the angle brackets, and local part.
const LONGEST: usize = 254;
const LONGEST_LOCAL: usize = 64;
const LONGEST_LABEL: usize = 63;

/// An address that can stand in an SMTP command and a header as it is: ASCII, one `@`, no quoting, no line break.
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct EmailAddress(String);

impl EmailAddress {
    /// Reads one address; spaces around it are forgiven, nothing else is. The domain is lower-cased.
    ///
    /// # Errors
    /// The first thing wrong with it, with a remedy for the person who typed it.
    pub fn parse(text: &str) -> Result<Self, AddressProblem> {
        let text = text.trim_matches([' ', '\t', '\u{3000}']);
        refuse_foreign_characters(text)?;
        let (local, domain) = split(text)?;
        check_local(local)?;
        check_domain(domain)?;
        if text.len() > LONGEST {
            return Err(AddressProblem::TooLong);
        }
        Ok(Self(format!("{local}@{}", domain.to_ascii_lowercase())))
    }

    pub fn as_str(&self) -> &str {
        &self.0
    }

    pub fn domain(&self) -> &str {
        self.0.rsplit('@').next().unwrap_or_default()
    }
}

impl fmt::Display for EmailAddress {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(&self.0)
    }
}

/// What is wrong with an address. The message is for logs, [`AddressProblem::remedy`] for people.
#[derive(Clone, Debug, PartialEq, Eq, Error)]
pub enum AddressProblem {
    #[error("the address is empty")]
    Empty,
    #[error("the address holds a line break or control character")]
    ControlCharacter,
    #[error("the address holds full-width characters")]
    FullWidth { suggestion: String },
    #[error("the domain of the address is not ascii")]
    InternationalDomain { ascii: Option<String> },
    #[error("the local part of the address is not ascii")]
    InternationalLocalPart,
    #[error("the address has no `@`")]
    NoAt,
    #[error("there is more than one address")]
    Several,
    #[error("the local part of the address is malformed")]
    LocalPart,
    #[error("the domain of the address is malformed")]
    Domain,
    #[error("the address is too long")]
    TooLong,
}

impl AddressProblem {
    /// What to do about it, in Chinese.
    pub fn remedy(&self) -> String {
        match self {
            Self::Empty => "邮箱为空，请填写，例如 name@example.com".into(),
            Self::ControlCharacter => "邮箱里有换行或不可见字符，请删去后重新填写".into(),
            Self::FullWidth { suggestion } => format!("邮箱里有全角字符，请改为半角：{suggestion}"),
            Self::InternationalDomain { ascii: Some(ascii) } => {
                format!("暂不支持中文域名的邮箱，请填写其英文形式：{ascii}")
            }
            Self::InternationalDomain { ascii: None } => "暂不支持中文域名的邮箱，请填写英文域名的邮箱".into(),
            Self::InternationalLocalPart => "“@”前面只能用英文字母、数字和 . _ - +".into(),
            Self::NoAt => "邮箱缺少“@”，例如 name@example.com".into(),
            Self::Several => "这里只能填一个邮箱，请把其他邮箱另起一行填写".into(),
            Self::LocalPart => "“@”前面不能为空，不能有空格、引号，也不能以“.”开头、结尾或连用".into(),
            Self::Domain => "“@”后面应为完整域名，例如 example.com".into(),
            Self::TooLong => "邮箱过长：“@”前最多 64 个字符，总长最多 254 个字符".into(),
        }
    }
}

fn refuse_foreign_characters(text: &str) -> Result<(), AddressProblem> {
    if text.is_empty() {
        return Err(AddressProblem::Empty);
    }
    if text.chars().any(char::is_control) {
        return Err(AddressProblem::ControlCharacter);
    }
    if text.chars().any(is_full_width) {
        return Err(AddressProblem::FullWidth { suggestion: text.chars().map(half_width).collect() });
    }
    Ok(())
}

/// The full-width forms of ASCII, and the Chinese full stop people type for a dot.
fn is_full_width(c: char) -> bool {
    matches!(c, '\u{ff01}'..='\u{ff5e}' | '\u{3002}')
}

fn half_width(c: char) -> char {
    match c {
        '\u{3002}' => '.',
        '\u{ff01}'..='\u{ff5e}' => char::from_u32(u32::from(c) - 0xfee0).unwrap_or(c),
        other => other,
    }
}

fn split(text: &str) -> Result<(&str, &str), AddressProblem> {
    let (local, domain) = text.rsplit_once('@').ok_or(AddressProblem::NoAt)?;
    if text.contains([',', ';', '\u{3001}']) || local.contains('@') {
        return Err(AddressProblem::Several);
    }
    Ok((local, domain))
}

fn check_local(local: &str) -> Result<(), AddressProblem> {
    if !local.is_ascii() {
        return Err(AddressProblem::InternationalLocalPart);
    }
    if local.len() > LONGEST_LOCAL {
        return Err(AddressProblem::TooLong);
    }
    let is_atom = |atom: &str| !atom.is_empty() && atom.bytes().all(is_atext);
    if local.split('.').all(is_atom) { Ok(()) } else { Err(AddressProblem::LocalPart) }
}

/// `atext` of RFC 5322 §3.2.3.
fn is_atext(byte: u8) -> bool {
    byte.is_ascii_alphanumeric() || b"!#$%&'*+-/=?^_`{|}~".contains(&byte)
}

fn check_domain(domain: &str) -> Result<(), AddressProblem> {
    if !domain.is_ascii() {
        let ascii = url::Host::parse(domain).ok().map(|host| host.to_string());
        return Err(AddressProblem::InternationalDomain { ascii });
    }
    let labels: Vec<&str> = domain.split('.').collect();
    let top_is_a_name = labels.last().is_some_and(|top| top.bytes().any(|byte| byte.is_ascii_alphabetic()));
    if labels.len() >= 2 && top_is_a_name && labels.iter().all(|label| is_label(label)) {
        Ok(())
    } else {
        Err(AddressProblem::Domain)
    }
}

fn is_label(label: &str) -> bool {
    let inner = label.bytes().all(|byte| byte.is_ascii_alphanumeric() || byte == b'-');
    inner && !label.is_empty() && label.len() <= LONGEST_LABEL && !label.starts_with('-') && !label.ends_with('-')
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_plain_address_is_kept_and_its_domain_lower_cased() {
        let check = |text: &str, expected: &str| assert_eq!(EmailAddress::parse(text).unwrap().as_str(), expected);
        check("zhou.ming@example.com", "zhou.ming@example.com");
        check("  Zhou+push@Mail.Example.COM ", "Zhou+push@mail.example.com");
        check("10086@qq.com", "10086@qq.com");
        check("a_b-c@xn--fsqu00a.xn--0zwm56d", "a_b-c@xn--fsqu00a.xn--0zwm56d");
        check(&format!("{}@example.com", "a".repeat(64)), &format!("{}@example.com", "a".repeat(64)));
    }

    #[test]
    fn what_cannot_stand_in_a_header_or_command_is_refused_with_its_cause() {
        use AddressProblem as P;
        let check = |text: &str, expected: P| assert_eq!(EmailAddress::parse(text), Err(expected), "{text:?}");
        check("", P::Empty);
        check(" \u{3000}", P::Empty);
        check("a@example.com\r\nBcc: b@example.com", P::ControlCharacter);
        check("a\0@example.com", P::ControlCharacter);
        check("a\u{ff20}example\u{3002}com", P::FullWidth { suggestion: "a@example.com".into() });
        check("a@例子.中国", P::InternationalDomain { ascii: Some("xn--fsqu00a.xn--fiqs8s".into()) });
        check("周明@example.com", P::InternationalLocalPart);
        check("example.com", P::NoAt);
        check("a@example.com,b@example.com", P::Several);
        check("a@example.com; b@example.com", P::Several);
        check("a@b@example.com", P::Several);
        for local in ["", ".a", "a.", "a..b", "a b", "\"a b\"", "a<b", "<a"] {
            check(&format!("{local}@example.com"), P::LocalPart);
        }
        for domain in ["", "localhost", "example..com", "-a.com", "a-.com", "127.0.0.1", "[127.0.0.1]", "a b.com"] {
            check(&format!("a@{domain}"), P::Domain);
        }
        check(&format!("{}@example.com", "a".repeat(65)), P::TooLong);
        let long_domain = format!("{0}.{0}.{0}.{0}.com", "b".repeat(63));
        check(&format!("a@{long_domain}"), P::TooLong);
    }

    #[test]
    fn every_remedy_is_chinese() {
        let problems = ["", "a\n", "\u{ff41}@b.c", "a@中.国", "周@b.c", "a", "a@b@c.d", "@b.c", "a@b"];
        for text in problems {
            let remedy = EmailAddress::parse(text).unwrap_err().remedy();
            assert!(remedy.chars().any(|c| ('\u{4e00}'..='\u{9fff}').contains(&c)), "{text:?}: {remedy}");
        }
    }
}
