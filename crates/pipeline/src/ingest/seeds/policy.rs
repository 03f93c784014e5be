//! `[policy]` and `bureaus.toml`.

use domain::{BureauId, PolicyRevision, PolicyStatus, Validity};
use rules::Reference;

use super::reading::Fields;
use super::{BureauSeed, Names, PolicySeed, area, item, official};
use crate::ingest::words;

/// Every bureau of the file.
pub(super) fn bureaus<'p, 't>(
    root: &Fields<'p, 't>,
    reference: &Reference,
    names: &mut Names<'p, 't>,
) -> Vec<BureauSeed> {
    let read = |fields: &Fields<'p, 't>, names: &mut Names<'p, 't>| {
        let code = names.new_bureau(fields);
        fields.needed_choice("level", words::LEVELS);
        let bureau = BureauSeed {
            id: BureauId::of(&code),
            name: fields.needed_text("name"),
            area: needed_area(fields, reference),
            code,
        };
        fields.finish();
        bureau
    };
    root.tables("bureaus").iter().map(|fields| read(fields, names)).collect()
}

/// The policy of a file with its items; `None` without a `[policy]`.
pub(super) fn policy<'p, 't>(
    root: &Fields<'p, 't>,
    reference: &Reference,
    names: &mut Names<'p, 't>,
) -> Option<PolicySeed> {
    let tables = root.tables("items");
    let Some(fields) = root.table("policy") else {
        root.wrong("policy", "文件里没有 [policy]", Some("每个文件写一份政策文件".to_owned()));
        return None;
    };
    let revision = revision(&fields, reference);
    let bureau = names.bureau(&fields);
    let status = fields.choice("status", words::STATUSES).unwrap_or(PolicyStatus::Published);
    let code = names.new_policy(&fields);
    fields.finish();
    let above = item::Above { bureau, status, level: revision.level, area: revision.area.clone() };
    let items = tables.iter().map(|fields| item::item(fields, &above, reference, names)).collect();
    Some(PolicySeed { code, bureau, status, revision, items })
}

fn revision(fields: &Fields<'_, '_>, reference: &Reference) -> PolicyRevision {
    let published = fields.stated("published");
    let issuers = fields.texts("issuers");
    if issuers.is_empty() {
        fields.wrong("issuers", "缺少发文机关", Some("写成 issuers = [\"武汉市科学技术局\"]".to_owned()));
    }
    PolicyRevision {
        title: fields.needed_text("title"),
        document_numbers: fields.texts("document_numbers").iter().map(|number| brackets(number)).collect(),
        issuers,
        level: fields.needed_choice("level", words::LEVELS).unwrap_or(domain::Level::City),
        area: needed_area(fields, reference),
        kind: fields.text("kind"),
        published_on: published.as_ref().map(|stated| stated.day),
        published_precision: published.map(|stated| stated.precision.to_owned()),
        effective_on: fields.date("effective"),
        valid_until: fields.date("valid_until"),
        validity: fields.choice("validity", words::VALIDITIES).unwrap_or(Validity::Unverified),
        source_url: official(fields, "source_url"),
        body: fields.text("body"),
        verbatim: fields.flag("verbatim"),
        summary: fields.needed_text("summary"),
    }
}

fn needed_area(fields: &Fields<'_, '_>, reference: &Reference) -> String {
    if fields.value("area").is_none() {
        fields.wrong("area", "缺少这一项", Some("写适用地区,如 area = \"武汉市\"".to_owned()));
    }
    area(fields, reference).unwrap_or_default()
}

/// 发文字号 with its year in 〔〕, whatever brackets were typed.
pub(crate) fn brackets(number: &str) -> String {
    let mut text = String::with_capacity(number.len());
    for character in number.trim().chars() {
        text.push(match character {
            '[' | '\u{FF3B}' | '【' | '\u{FE5D}' => '〔',
            ']' | '\u{FF3D}' | '】' | '\u{FE5E}' => '〕',
            other => other,
        });
    }
    text
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_document_number_has_one_kind_of_brackets() {
        for typed in
            ["武科规[2022]2号", "武科规\u{FF3B}2022\u{FF3D}2号", "武科规\u{FE5D}2022\u{FE5E}2号", "武科规〔2022〕2号"]
        {
            assert_eq!(brackets(typed), "武科规〔2022〕2号");
        }
    }
}
