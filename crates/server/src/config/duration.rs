//! Durations in configuration: `500ms`, `30s`, `15m`, `2h`, `3d`.

use serde::{Deserialize, Deserializer, de};
use std::time::Duration;

/// A duration as written in configuration.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Span(pub Duration);

impl Span {
    pub fn millis(self) -> i64 {
        i64::try_from(self.0.as_millis()).unwrap_or(i64::MAX)
    }
}

impl<'de> Deserialize<'de> for Span {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        let text = String::deserialize(deserializer)?;
        parse(&text)
            .map(Self)
            .ok_or_else(|| de::Error::custom(format!("`{text}` 不是时长;写作 500ms、30s、15m、2h 或 3d")))
    }
}

fn parse(text: &str) -> Option<Duration> {
    let digits = text.find(|c: char| !c.is_ascii_digit())?;
    let count: u64 = text[..digits].parse().ok()?;
    let millis = match &text[digits..] {
        "ms" => 1,
        "s" => 1_000,
        "m" => 60_000,
        "h" => 3_600_000,
        "d" => 86_400_000,
        _ => return None,
    };
    count.checked_mul(millis).map(Duration::from_millis)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn every_unit_is_read_and_nothing_else() {
        let ms = |text| parse(text).map(|span| span.as_millis());
        assert_eq!(ms("500ms"), Some(500));
        assert_eq!(ms("15m"), Some(900_000));
        assert_eq!(ms("3d"), Some(259_200_000));
        for bad in ["", "15", "m", "1.5h", "15 m", "-1s", "99999999999999999999s", "18446744073709551615d"] {
            assert_eq!(ms(bad), None, "{bad}");
        }
    }
}
