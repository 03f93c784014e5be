//! How a word sounds: its syllables and their first letters.

use pinyin::{ToPinyin as _, ToPinyinMulti as _};

/// Readings of one word that are kept; names with many characters of several readings have more than anybody types.
const MOST_READINGS: usize = 6;

/// The usual reading of a word, syllables run together; `None` if it holds anything but ideographs.
///
/// ```
/// assert_eq!(search::spelled("高企").as_deref(), Some("gaoqi"));
/// assert_eq!(search::spelled("5G"), None);
/// ```
pub fn spelled(word: &str) -> Option<String> {
    word.chars().map(|character| Some(character.to_pinyin()?.plain())).collect()
}

/// The first letters of the usual reading.
pub(crate) fn initials(word: &str) -> Option<String> {
    word.chars().map(|character| Some(character.to_pinyin()?.first_letter())).collect()
}

/// Every reading of a word (银行 is yinhang and yinxing: who types cannot know which one we hold).
pub(crate) fn readings(word: &str) -> Vec<String> {
    let mut readings = vec![String::new()];
    for character in word.chars() {
        let Some(sounds) = character.to_pinyin_multi() else { return Vec::new() };
        let mut plain: Vec<&str> = Vec::new();
        for sound in sounds {
            if !plain.contains(&sound.plain()) {
                plain.push(sound.plain());
            }
        }
        readings = readings.iter().flat_map(|start| plain.iter().map(move |sound| format!("{start}{sound}"))).collect();
        readings.truncate(MOST_READINGS);
    }
    readings
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_character_of_two_readings_is_found_by_both() {
        let readings = readings("银行");
        assert!(readings.contains(&"yinhang".to_owned()) && readings.contains(&"yinxing".to_owned()), "{readings:?}");
        assert_eq!(initials("稳岗返还").as_deref(), Some("wgfh"));
    }
}
