//! What must hold of any notice: the one home of what the fuzzer asks and the replay of its corpus asks again.

use rules::Reference;

/// Any text gives a proposal whose words lie in the text and whose condition has a text that reads.
pub(crate) fn extract(bytes: &[u8]) {
    let Ok(notice) = std::str::from_utf8(bytes) else { return };
    let reference = Reference::builtin();
    let proposal = extract::propose(notice, reference);
    for sentence in &proposal.sentences {
        assert!(notice.get(sentence.span.clone()).is_some(), "{:?}", sentence.span);
        for leaf in &sentence.leaves {
            assert!(notice.get(leaf.span.clone()).is_some(), "{:?}", leaf.span);
        }
    }
    if let Some(condition) = extract::condition(&proposal, reference) {
        let printed = rules::text::print(&condition, reference);
        let read = rules::text::parse(&printed, reference).unwrap_or_else(|problems| panic!("{printed}\n{problems:?}"));
        assert_eq!(rules::text::print(&read, reference), printed);
    }
}
