//! Checks of record lists: spans, fields, units within a record.

use super::{Checker, MAX_DEPTH};
use crate::evaluate::measure::Measure;
use crate::reference::{Fact, FactKind, Field, ListShape, nearest};
use crate::text::names::Sort;
use crate::tree::{Arithmetic, Dimension, Figure, Filter, Operator, Quantifier, Quantity, Records, Span, Tally, Unit};

impl Checker<'_> {
    pub(super) fn records(&mut self, records: &Records, path: &str) {
        let Some(fact) = self.fact_of(&records.list, &[Sort::List], "清单", path) else { return };
        let Some(shape) = fact.list() else { return };
        if let Some(name) = &records.selection
            && !shape.selections.iter().any(|selection| selection.name == *name)
        {
            self.error(path, format!("「{}」没有「{name}」这个分类", fact.name), "核对名称");
        }
        self.span(records.span, fact, shape, path);
        self.filters(&records.filters, (fact, shape), path);
        match &records.quantifier {
            Quantifier::Every(demand) if demand.is_empty() => {
                self.error(path, "「每项都」的括号里是空的", "写明每一项要做到什么");
            }
            Quantifier::Every(demand) => self.filters(demand, (fact, shape), path),
            Quantifier::Count(Operator::AtLeast, 0) => {
                self.error(path, "「>= 0 项」永远成立", "写成至少几项");
            }
            Quantifier::Count(Operator::Less, 0) => self.error(path, "「< 0 项」永远不成立", "核对数量"),
            _ => {}
        }
    }

    pub(super) fn tally(&mut self, tally: &Tally, path: &str) {
        self.records(&tally.records, path);
        let shape = self.reference.catalogue.fact(&tally.records.list).and_then(Fact::list);
        let (Some(key), Some(shape)) = (tally.of.field(), shape) else { return };
        let numeric = shape.fields.iter().any(|field| field.key == key && field.kind.is_number());
        if !numeric {
            let numbers = shape.fields.iter().filter(|field| field.kind.is_number());
            let numbers: Vec<&str> = numbers.map(|field| field.name.as_str()).collect();
            let known = if numbers.is_empty() { "这个清单没有数值栏目".into() } else { numbers.join("、") };
            self.error(path, format!("「{key}」不是数值栏目,不能合计"), format!("可用:{known}"));
        }
    }

    fn span(&mut self, span: Span, fact: &Fact, shape: &ListShape, path: &str) {
        match span {
            Span::InForce if shape.until.is_none() => {
                let message = format!("「{}」没有有效期,不能写「有效」", fact.name);
                self.error(path, message, "改写时间,如 近3年");
            }
            Span::Years(_) | Span::Months(_) | Span::Year(_) | Span::SinceLastYear | Span::Between(..)
                if shape.on.is_none() =>
            {
                let message = format!("「{}」没有日期,不能限定时间", fact.name);
                self.error(path, message, "删去时间");
            }
            Span::Between(from, to) if from > to => {
                self.error(path, "起始日晚于截止日", "把两个日期对调");
            }
            _ => {}
        }
    }

    fn filters(&mut self, filters: &[Filter], list: (&Fact, &ListShape), path: &str) {
        for filter in filters {
            self.filter(filter, list, path, 0);
        }
    }

    fn filter(&mut self, filter: &Filter, list: (&Fact, &ListShape), path: &str, depth: usize) {
        if depth > MAX_DEPTH {
            self.error(path, format!("清单的条件嵌套超过 {MAX_DEPTH} 层"), "请检查是否多写了括号");
            return;
        }
        match filter {
            Filter::Among { field, values, .. } => {
                let Some(field) = self.field(field, list, path) else { return };
                if field.kind.is_number() || matches!(field.kind, FactKind::Date) {
                    self.misused(field, path);
                }
                if values.is_empty() {
                    self.error(path, "集合是空的", "至少写一个取值");
                }
                self.values(&field.kind, &field.name, values, path);
            }
            Filter::Compare { left, operator: _, right } => self.field_comparison(left, right, list, path),
            Filter::Age { field, until, operator, .. } => {
                for key in std::iter::once(field).chain(until) {
                    let field = self.field(key, list, path);
                    if let Some(field) = field.filter(|field| !matches!(field.kind, FactKind::Date)) {
                        self.misused(field, path);
                    }
                }
                if until.as_ref() == Some(field) {
                    self.error(path, "起止是同一栏,时长总是零", "「至」的后面写另一个日期栏目");
                }
                self.age_operator(*operator, path);
            }
            Filter::All(members) | Filter::Any(members) if members.len() < 2 => {
                self.error(path, "「且」「或」至少要连接两个条件", "补上另一个条件,或去掉这一层");
            }
            Filter::None(members) if members.is_empty() => {
                self.error(path, "「没有」的括号里是空的", "写明不得有的情形");
            }
            Filter::All(_) | Filter::Any(_) | Filter::None(_) => {}
        }
        for member in filter.members() {
            self.filter(member, list, path, depth + 1);
        }
    }

    fn field<'s>(&mut self, key: &str, (list, shape): (&Fact, &'s ListShape), path: &str) -> Option<&'s Field> {
        let found = shape.fields.iter().find(|field| field.key == key);
        if found.is_none() {
            let words = shape.fields.iter().flat_map(|field| [field.key.as_str(), field.name.as_str()]);
            let names: Vec<&str> = shape.fields.iter().map(|field| field.name.as_str()).collect();
            let remedy = nearest(key, words)
                .map_or_else(|| format!("可用的栏目:{}", names.join("、")), |near| format!("是不是「{near}」?"));
            self.error(path, format!("「{}」没有「{key}」这一栏", list.name), remedy);
        }
        found
    }

    fn misused(&mut self, field: &Field, path: &str) {
        let message = format!("「{}」这一栏不能这样比较", field.name);
        self.error(path, message, "数值用 >=,日期用 不早于,代码用 属于");
    }

    fn field_comparison(&mut self, left: &Figure, right: &Figure, list: (&Fact, &ListShape), path: &str) {
        let before = self.problems.len();
        let fields = self.figure(left, list, path) + self.figure(right, list, path);
        if self.problems.len() > before {
            return;
        }
        if fields == 0 {
            self.error(path, "比较的两边都是常数", "至少一边写栏目");
            return;
        }
        if let (Figure::Field(field), Figure::Quantity(quantity)) = (left, right)
            && let Some(field) = list.1.fields.iter().find(|one| one.key == *field && one.kind.is_number())
        {
            self.field_unit(field, quantity, path);
            return;
        }
        let (a, b) = (Measure::of_figure(left, list.1), Measure::of_figure(right, list.1));
        if a == Measure::Unclear || b == Measure::Unclear {
            self.error(path, "算式里的单位凑不到一起", "加减的两边要同单位,金额不能乘金额");
        } else if !a.fits(b) {
            let message = format!("左边是{},右边是{},不能比较", a.words(), b.words());
            self.error(path, message, "核对单位:金额写 元、万元、亿元,比例写 %");
        }
    }

    /// The number of fields in it.
    fn figure(&mut self, figure: &Figure, list: (&Fact, &ListShape), path: &str) -> usize {
        match figure {
            Figure::Quantity(_) | Figure::Date(_) => 0,
            Figure::Field(key) => {
                let field = self.field(key, list, path);
                if let Some(field) = field.filter(|one| !one.kind.is_number() && !matches!(one.kind, FactKind::Date)) {
                    self.misused(field, path);
                }
                1
            }
            Figure::Arithmetic { left, operator, right } => {
                let is_zero = |figure: &Figure| matches!(figure, Figure::Quantity(one) if one.value().signum() == 0);
                if *operator == Arithmetic::Over && is_zero(right) {
                    self.error(path, "除数是零", "核对算式");
                }
                self.figure(left, list, path) + self.figure(right, list, path)
            }
        }
    }

    fn field_unit(&mut self, field: &Field, quantity: &Quantity, path: &str) {
        let dimension = match field.kind {
            FactKind::Amount => Dimension::Money,
            FactKind::Ratio => Dimension::Plain,
            _ => Unit::find(&field.unit).map_or(Dimension::Things, |unit| unit.dimension),
        };
        let is_share = ["%", "‰"].contains(&quantity.unit().name);
        if !quantity.unit().fits(dimension) || is_share && !matches!(field.kind, FactKind::Ratio) {
            let message = format!("「{}」不能和「{quantity}」比较,单位不同", field.name);
            self.error(path, message, format!("可用的单位:{}", Unit::names_of(dimension).join("、")));
        }
    }
}
