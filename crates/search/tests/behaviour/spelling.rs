//! Pinyin, initials, mixed spelling and one wrong character find what was meant, and the answer says how it was read.

use crate::library::{ask, codes, index, sample};

#[test]
fn a_programme_is_found_by_its_sound_its_initials_and_a_mixture() {
    let index = index(&sample());
    for text in ["gaoqi", "gaoxinjishuqiye", "gao xin ji shu qi ye", "gxjsqy", "gao新技术企业", "ＧＡＯＱＩ"]
    {
        let results = ask(&index, text);
        assert_eq!(codes(&results).first(), Some(&"gq"), "{text}: {:?} {:?}", results.read_as, codes(&results));
        assert!(results.read_as.is_some(), "{text}: nobody is told how it was read");
    }
}

#[test]
fn one_wrong_character_is_put_right_and_said() {
    let index = index(&sample());
    for (text, meant) in
        [("高薪技术企业", "高新技术企业"), ("稳港返还", "稳岗返还"), ("科技形中小企业", "科技型中小企业")]
    {
        let results = ask(&index, text);
        assert_eq!(results.read_as.as_deref(), Some(meant), "{text}");
    }
}

#[test]
fn what_is_spelled_as_the_library_spells_it_is_taken_as_it_stands() {
    let index = index(&sample());
    for text in ["高新技术企业", "稳岗返还", "武汉市小巨人企业奖励", "武政规〔2022〕23号", "新进规"]
    {
        assert_eq!(ask(&index, text).read_as, None, "{text}");
    }
}

#[test]
fn letters_that_spell_nothing_stay_letters() {
    let index = index(&sample());
    for text in ["zzzzqqqq", "vvv", &"a".repeat(200), &"xi".repeat(100)] {
        let results = ask(&index, text);
        assert!(results.total <= sample().len(), "{text}");
    }
    assert_eq!(ask(&index, "zzzzqqqq").read_as, None);
}
