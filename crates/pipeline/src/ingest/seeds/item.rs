//! `[[items]]` with condition, sentences, guide and calls.

use std::collections::{BTreeMap, BTreeSet};

use domain::{
    BureauId, Call, CallId, CallOrigin, CallStatus, Category, Coverage, Guide, ItemId, ItemRevision, Level, Mode,
    PolicyStatus, Support,
};
use rules::{Amount, Condition, Problem, Reference, Severity};

use super::reading::Fields;
use super::{ItemSeed, Names, area, case, official, relation};
use crate::ingest::words;

/// What an item takes from its policy unless it says otherwise.
pub(super) struct Above {
    pub(super) bureau: Option<BureauId>,
    pub(super) status: PolicyStatus,
    pub(super) level: Level,
    pub(super) area: String,
}

pub(super) fn item<'p, 't>(
    fields: &Fields<'p, 't>,
    above: &Above,
    reference: &Reference,
    names: &mut Names<'p, 't>,
) -> ItemSeed {
    let code = names.new_item(fields);
    let coverage = fields.needed_choice("coverage", words::COVERAGES).unwrap_or(Coverage::None);
    let condition = condition(fields, coverage, reference);
    let sentences = sentences(fields, condition.as_ref(), reference);
    let mut revision = revision(fields, above, reference);
    revision.amount = amount(fields, reference);
    revision.relations = relation::relations(fields, &code, reference, names);
    revision.coverage = coverage;
    revision.condition = condition.as_ref().map(|condition| rules::text::print(condition, reference));
    revision.sentences = sentences;
    let seed = ItemSeed {
        bureau: names.bureau(fields).or(above.bureau),
        implements: names.upper_item(fields),
        status: fields.choice("status", words::STATUSES).unwrap_or(above.status),
        calls: calls(fields, &code),
        cases: case::cases(fields, condition.as_ref(), &revision, reference),
        revision,
        code,
    };
    fields.finish();
    seed
}

/// Everything but coverage, condition and sentences, which judge each other, and amount and relations.
fn revision(fields: &Fields<'_, '_>, above: &Above, reference: &Reference) -> ItemRevision {
    let (amount_low, amount_high) = (fields.money("amount_low"), fields.money("amount_high"));
    if let (Some(low), Some(high)) = (amount_low, amount_high)
        && low > high
    {
        fields.wrong("amount_high", "小于 amount_low", Some("上限不低于下限".to_owned()));
    }
    ItemRevision {
        name: fields.needed_text("name"),
        summary: fields.needed_text("summary"),
        level: fields.choice("level", words::LEVELS).unwrap_or(above.level),
        area: area(fields, reference).unwrap_or_else(|| above.area.clone()),
        category: fields.needed_choice("category", words::CATEGORIES).unwrap_or(Category::Other),
        support: fields.needed_choice("support", words::SUPPORTS).unwrap_or(Support::Grant),
        mode: fields.needed_choice("mode", words::MODES).unwrap_or(Mode::Application),
        coverage: Coverage::None,
        condition: None,
        sentences: BTreeMap::new(),
        notes: fields.texts("notes"),
        amount: None,
        relations: Vec::new(),
        amount_text: fields.text("amount_text"),
        amount_low,
        amount_high,
        quota: fields.integer("quota"),
        parameters: fields.text_map("parameters"),
        rolling: fields.flag("rolling"),
        usual_months: months(fields),
        guide: guide(fields),
        catalogue_hash: reference.hash().to_owned(),
    }
}

/// The condition, if it reads and checks; its problems at their own lines if not.
fn condition(fields: &Fields<'_, '_>, coverage: Coverage, reference: &Reference) -> Option<Condition> {
    let text = fields.text("condition");
    match (coverage, &text) {
        (Coverage::None, Some(_)) => {
            fields.wrong(
                "condition",
                "coverage 为 none 时不写条件",
                Some("把 coverage 改为 full 或 partial".to_owned()),
            );
        }
        (Coverage::Full | Coverage::Partial, None) => {
            fields.wrong("condition", "缺少条件", Some("写上条件,或把 coverage 改为 none".to_owned()));
        }
        _ => {}
    }
    rule_text(fields, "condition", "条件", |text| {
        let condition = rules::text::parse(text, reference)?;
        let mut problems = rules::check(&condition, reference);
        problems.retain(|problem| problem.severity == Severity::Error);
        if problems.is_empty() { Ok(condition) } else { Err(problems) }
    })
}

/// The amount in text form, if it reads and checks.
fn amount(fields: &Fields<'_, '_>, reference: &Reference) -> Option<String> {
    let amount = rule_text(fields, "amount", "金额", |text| Amount::read(text, reference))?;
    Some(rules::text::print_amount(&amount, reference))
}

/// What a text in one of the rule languages says; its problems at their own lines where it says nothing sound.
fn rule_text<T>(
    fields: &Fields<'_, '_>,
    key: &'static str,
    word: &str,
    read: impl FnOnce(&str) -> Result<T, Vec<Problem>>,
) -> Option<T> {
    fields.text(key)?;
    let value = fields.value(key)?;
    let first_line = fields.page().content_line(&value.span());
    let note = |problem: Problem| {
        let line = first_line + problem.position.map_or(0, |position| position.line.saturating_sub(1));
        let message = format!("{} 的{word}:{}", fields.place(), problem.message);
        fields.page().note_line(line, message, problem.remedy);
    };
    read(value.get_ref().as_str()?).map_err(|problems| problems.into_iter().for_each(note)).ok()
}

/// Sentences keyed by the printed form of their leaf, each of which must be a part of the condition.
fn sentences(
    fields: &Fields<'_, '_>,
    condition: Option<&Condition>,
    reference: &Reference,
) -> BTreeMap<String, String> {
    let written = fields.text_map("sentences");
    let Some(condition) = condition else { return written };
    let parts = case::parts(condition, reference);
    let mut keyed = BTreeMap::new();
    for (leaf, sentence) in written {
        let read = rules::text::parse_part(&leaf, condition, reference);
        let printed = read.ok().map(|leaf| rules::text::wording(&leaf, reference));
        match printed.filter(|printed| parts.contains(printed)) {
            Some(printed) => {
                keyed.insert(printed, sentence);
            }
            None => fields.wrong("sentences", &format!("条件里没有“{leaf}”"), Some(nearest_part(&leaf, &parts))),
        }
    }
    keyed
}

fn nearest_part(leaf: &str, parts: &BTreeSet<String>) -> String {
    let meant = rules::nearest(leaf, parts.iter().map(String::as_str));
    meant.map_or_else(|| "左边照抄条件里的一个叶子".to_owned(), |meant| format!("是否想写“{meant}”?"))
}

fn months(fields: &Fields<'_, '_>) -> Vec<u8> {
    let Some(value) = fields.value("usual_months") else { return Vec::new() };
    let month = |value: &toml::de::DeValue<'_>| value.as_integer()?.as_str().parse::<u8>().ok();
    let months: Option<Vec<u8>> =
        value.get_ref().as_array().and_then(|array| array.iter().map(|value| month(value.get_ref())).collect());
    months.filter(|months| months.iter().all(|month| (1..=12).contains(month))).unwrap_or_else(|| {
        fields.wrong("usual_months", "应为月份数组", Some("如 [3, 4]".to_owned()));
        Vec::new()
    })
}

fn guide(fields: &Fields<'_, '_>) -> Guide {
    let Some(fields) = fields.table("guide") else { return Guide::default() };
    let guide = Guide {
        who: fields.text("who"),
        benefit: fields.text("benefit"),
        steps: fields.texts("steps"),
        materials: fields.texts("materials"),
        time_limit: fields.text("time_limit"),
        handler: fields.text("handler"),
        phone: fields.text("phone"),
        apply_url: official(&fields, "apply_url"),
        common_misses: fields.texts("common_misses"),
    };
    fields.finish();
    guide
}

fn calls(fields: &Fields<'_, '_>, item: &str) -> Vec<Call> {
    let mut batches = BTreeSet::new();
    let mut read = |fields: &Fields<'_, '_>| {
        let batch = fields.needed_text("batch");
        if !batches.insert(batch.clone()) {
            fields.wrong("batch", &format!("批次 {batch} 写了两次"), None);
        }
        let (opens_on, closes_on) = (fields.date("opens"), fields.date("closes"));
        if let (Some(opens), Some(closes)) = (opens_on, closes_on)
            && opens > closes
        {
            fields.wrong("closes", "早于 opens", Some("截止日不早于开始日".to_owned()));
        }
        let call = Call {
            id: CallId::of(&format!("{item}/{batch}")),
            item: ItemId::of(item),
            batch,
            origin: CallOrigin::Official,
            status: CallStatus::Published,
            opens_on,
            closes_on,
            as_of: fields.date("as_of"),
            parameters: fields.text_map("parameters"),
            quota: fields.integer("quota"),
            contact: fields.text("contact"),
            source_url: official(fields, "source_url"),
            revision_number: 1,
        };
        fields.finish();
        call
    };
    fields.tables("calls").iter().map(&mut read).collect()
}
