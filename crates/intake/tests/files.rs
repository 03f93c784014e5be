//! Files as they arrive: good ones read the same in every format, bad ones are refused in words a person can act on.

#![expect(clippy::unwrap_used, clippy::expect_used, reason = "a test that cannot set up its files should fail")]

use std::fs;
use std::io::{Cursor, Read, Write};
use std::path::{Path, PathBuf};

use intake::{Column, Content, Format, Gate, IntakeError, Isolation, Line, Source, Template};
use tempfile::TempDir;
use zip::write::SimpleFileOptions;
use zip::{CompressionMethod, ZipWriter};

fn child() -> Isolation {
    Isolation::Child(PathBuf::from(env!("CARGO_BIN_EXE_intake-child")))
}

fn file(name: &str, bytes: &[u8]) -> (TempDir, PathBuf) {
    let dir = tempfile::tempdir().unwrap();
    let path = dir.path().join(name);
    fs::write(&path, bytes).unwrap();
    (dir, path)
}

fn open(path: &Path) -> Result<Source, IntakeError> {
    Source::open(path, &Gate::upload(), &child())
}

/// The rows as `line:cell|cell` and the rejects as `line!reason`.
fn read(bytes: &[u8]) -> (Option<Vec<String>>, Vec<String>) {
    let (_dir, path) = file("x", bytes);
    let source = open(&path).unwrap();
    let header = source.header().map(<[String]>::to_vec);
    let lines = source.map(|line| match line.unwrap() {
        Line::Row(row) => match row.content {
            Content::Cells(cells) => format!("{}:{}", row.line, cells.join("|")),
            Content::Json(value) => format!("{}:{value}", row.line),
        },
        Line::Reject(reject) => format!("{}!{}", reject.line, reject.reason),
    });
    (header, lines.collect())
}

/// What a person reads when the file is refused, at opening or on the way.
fn refusal(bytes: &[u8]) -> String {
    let (_dir, path) = file("x", bytes);
    let error = match open(&path) {
        Ok(mut source) => source.find_map(Result::err).expect("the file was read to its end"),
        Err(error) => error,
    };
    error.for_user()
}

fn labels<const N: usize>(texts: [&str; N]) -> Option<Vec<String>> {
    (N > 0).then(|| texts.map(str::to_owned).to_vec())
}

const TABLE: &str = "名称,地区\n武汉甲公司,洪山区\n\"乙,公司\",江夏区\n";

#[test]
fn utf8_bom_gbk_and_utf16_read_the_same() {
    let expected = (labels(["名称", "地区"]), vec!["2:武汉甲公司|洪山区".to_owned(), "3:乙,公司|江夏区".to_owned()]);
    let gbk = encoding_rs::GBK.encode(TABLE).0.into_owned();
    let utf16: Vec<u8> = format!("\u{FEFF}{TABLE}").encode_utf16().flat_map(u16::to_le_bytes).collect();
    assert_eq!(read(TABLE.as_bytes()), expected);
    assert_eq!(read(format!("\u{FEFF}{TABLE}").as_bytes()), expected);
    assert_eq!(read(&gbk), expected);
    assert_eq!(read(&utf16), expected);
}

#[test]
fn one_broken_byte_rejects_its_line_and_leaves_the_encoding_alone() {
    let mut bytes = TABLE.as_bytes().to_vec();
    let at = TABLE.find("武汉").unwrap();
    bytes[at] = 0xFF;
    let (header, lines) = read(&bytes);
    assert_eq!(header, labels(["名称", "地区"]));
    assert_eq!(lines, ["2!这一行有无法识别的字符", "3:乙,公司|江夏区"]);
}

#[test]
fn line_numbers_hold_over_blank_lines_quoted_line_ends_and_a_missing_last_one() {
    let (_, lines) = read(b"a,b\r\n\r\n1,\"x\ny\"\r\n\r\n\r\n2,z");
    assert_eq!(lines, ["3:1|x\ny", "7:2|z"]);
}

#[test]
fn tab_separated_text_is_a_table() {
    let (header, lines) = read("名称\t地区\n甲\t洪山区\n".as_bytes());
    assert_eq!((header, lines), (labels(["名称", "地区"]), vec!["2:甲|洪山区".to_owned()]));
}

#[test]
fn a_broken_json_line_is_rejected_and_the_next_one_taken() {
    let (header, lines) = read(b"{\"a\":1}\n{\"a\":\n\n{\"a\":2}\n");
    assert_eq!(header, None);
    assert_eq!(lines[0], "1:{\"a\":1}");
    assert!(lines[1].starts_with("2!不是完整的 JSON"), "{lines:?}");
    assert_eq!(lines[2], "4:{\"a\":2}");
}

#[test]
fn an_open_quote_is_refused_with_its_line_instead_of_swallowing_the_file() {
    let mut text = "名称,地区\n甲,洪山区\n\"乙,江夏区\n".to_owned();
    text.push_str(&"丙,青山区\n".repeat(200_000));
    let told = refusal(text.as_bytes());
    assert!(told.contains("第 3 行") && told.contains("引号"), "{told}");
}

#[test]
fn an_empty_file_and_an_unknown_format_are_refused() {
    assert!(refusal(b"").contains("空的"));
    assert!(refusal(b"\n  \n").contains("空的"));
    assert!(refusal(b"\x00\x01\x02\x03").contains("看不出文件格式"));
    assert!(refusal(b"[{\"a\":1},\n{\"a\":2}]").contains("每行一个 {…}"));
}

#[test]
fn a_missing_file_is_named() {
    let error = open(Path::new("/nowhere/名单.csv")).unwrap_err();
    assert!(error.for_user().contains("/nowhere/名单.csv") && error.for_user().contains("文件不存在"));
}

#[test]
fn a_file_beyond_the_limit_is_refused_by_size() {
    let (_dir, path) = file("x.csv", TABLE.as_bytes());
    let gate = Gate { max_file_bytes: 16, ..Gate::upload() };
    assert!(Source::open(&path, &gate, &child()).unwrap_err().for_user().contains("超过上限"));
}

// Workbooks

const MAIN: &str = "http://schemas.openxmlformats.org/spreadsheetml/2006/main";
const RELATIONS: &str = "http://schemas.openxmlformats.org/officeDocument/2006/relationships";
const PACKAGE: &str = "http://schemas.openxmlformats.org/package/2006";

/// A minimal workbook around one sheet and its shared strings.
fn workbook(rows: &str, shared: Option<&str>) -> Vec<u8> {
    let mut parts = vec![
        ("[Content_Types].xml", format!(r#"<Types xmlns="{PACKAGE}/content-types"/>"#)),
        (
            "_rels/.rels",
            format!(
                r#"<Relationships xmlns="{PACKAGE}/relationships"><Relationship Id="rId1" Type="{RELATIONS}/officeDocument" Target="xl/workbook.xml"/></Relationships>"#
            ),
        ),
        (
            "xl/workbook.xml",
            format!(
                r#"<workbook xmlns="{MAIN}" xmlns:r="{RELATIONS}"><sheets><sheet name="s" sheetId="1" r:id="rId1"/></sheets></workbook>"#
            ),
        ),
        (
            "xl/_rels/workbook.xml.rels",
            format!(
                r#"<Relationships xmlns="{PACKAGE}/relationships"><Relationship Id="rId1" Type="{RELATIONS}/worksheet" Target="worksheets/sheet1.xml"/></Relationships>"#
            ),
        ),
        ("xl/worksheets/sheet1.xml", format!(r#"<worksheet xmlns="{MAIN}"><sheetData>{rows}</sheetData></worksheet>"#)),
    ];
    if let Some(shared) = shared {
        parts.push(("xl/sharedStrings.xml", shared.to_owned()));
    }
    archive(parts.into_iter().map(|(name, text)| (name, text.into_bytes())))
}

fn archive(parts: impl IntoIterator<Item = (&'static str, Vec<u8>)>) -> Vec<u8> {
    let mut zip = ZipWriter::new(Cursor::new(Vec::new()));
    let packed = SimpleFileOptions::default().compression_method(CompressionMethod::Deflated);
    for (name, bytes) in parts {
        zip.start_file(name, packed).unwrap();
        zip.write_all(&bytes).unwrap();
    }
    zip.finish().unwrap().into_inner()
}

fn row(number: usize, cells: &str) -> String {
    format!(r#"<row r="{number}">{cells}</row>"#)
}

fn inline(address: &str, text: &str) -> String {
    format!(r#"<c r="{address}" t="inlineStr"><is><t>{text}</t></is></c>"#)
}

fn small_sheet() -> String {
    let head = inline("A1", "名称") + &inline("B1", "营业收入(2025)");
    row(1, &head) + &row(3, &(inline("A3", "甲公司") + r#"<c r="B3"><v>9800000.5</v></c>"#))
}

#[test]
fn a_workbook_reads_like_a_table_with_its_own_line_numbers() {
    let (header, lines) = read(&workbook(&small_sheet(), None));
    assert_eq!(header, labels(["名称", "营业收入(2025)"]));
    assert_eq!(lines, ["3:甲公司|9800000.5"]);
}

#[test]
fn a_truncated_workbook_is_refused_as_damaged_wherever_it_is_cut() {
    let whole = workbook(&small_sheet(), None);
    for part in [3, 10, 50, 90, 99] {
        let told = refusal(&whole[..whole.len() * part / 100]);
        assert!(told.contains("不完整或已损坏"), "{part}%: {told}");
    }
}

#[test]
fn a_workbook_with_a_flipped_byte_is_refused_or_read_and_never_kills_us() {
    let whole = workbook(&small_sheet(), None);
    for at in (0..whole.len()).step_by(97) {
        let mut bytes = whole.clone();
        bytes[at] ^= 0xFF;
        let (_dir, path) = file("x.xlsx", &bytes);
        if let Err(error) = open(&path).and_then(Iterator::collect::<Result<Vec<_>, _>>) {
            assert!(!error.for_user().is_empty());
        }
    }
}

#[test]
fn a_legacy_or_encrypted_container_is_refused_with_the_remedy() {
    let told = refusal(&[0xD0, 0xCF, 0x11, 0xE0, 0xA1, 0xB1, 0x1A, 0xE1]);
    assert!(told.contains("密码") && told.contains(".xlsx"), "{told}");
}

#[test]
fn a_bomb_of_half_a_gigabyte_is_refused_within_64_megabytes() {
    let mut zip = ZipWriter::new(Cursor::new(Vec::new()));
    zip.start_file("xl/worksheets/sheet1.xml", SimpleFileOptions::default()).unwrap();
    let block = vec![b' '; 1 << 20];
    for _ in 0..512 {
        zip.write_all(&block).unwrap();
    }
    let (_dir, path) = file("x.xlsx", &zip.finish().unwrap().into_inner());
    assert!(fs::metadata(&path).unwrap().len() < 1 << 20);

    let mut gate = Gate::upload();
    gate.child.address_space = 64 << 20;
    let told = Source::open(&path, &gate, &child()).unwrap_err().for_user();
    assert!(told.contains("膨胀超过 100 倍"), "{told}");
    gate.zip.max_ratio = u64::MAX;
    let told = Source::open(&path, &gate, &child()).unwrap_err().for_user();
    assert!(told.contains("解压后超过 200 MB"), "{told}");
}

#[test]
fn a_bomb_that_lies_about_its_size_is_counted_while_it_unfolds() {
    let mut bomb = archive([("xl/worksheets/sheet1.xml", vec![b' '; 64 << 20])]);
    let truth = (64_u32 << 20).to_le_bytes();
    let lie = 1000_u32.to_le_bytes();
    let places: Vec<usize> = (0..bomb.len() - 4).filter(|at| bomb[*at..*at + 4] == truth).collect();
    assert!(!places.is_empty());
    for at in places {
        bomb[at..at + 4].copy_from_slice(&lie);
    }
    let told = refusal(&bomb);
    assert!(told.contains("膨胀") || told.contains("已损坏"), "{told}");
}

#[test]
fn an_archive_inside_the_archive_and_a_path_outside_it_are_refused() {
    assert!(refusal(&archive([("inner.zip", vec![1, 2, 3])])).contains("压缩包里又有压缩包"));
    assert!(refusal(&archive([("../../etc/passwd", vec![1])])).contains("路径越界"));
}

#[test]
fn a_cell_in_the_last_column_of_the_last_row_is_refused_without_building_the_sheet() {
    let head = inline("A1", "名称") + &inline("B1", "地区");
    let sheet = row(1, &head) + &row(1_048_576, &inline("XFD1048576", "x"));
    let told = refusal(&workbook(&sheet, None));
    assert!(told.contains("第 1048576 行有 16384 列"), "{told}");
}

#[test]
fn a_cell_address_beyond_excel_is_refused() {
    for address in ["ZZZZZZ1", "A99999999999"] {
        let told = refusal(&workbook(&row(1, &(inline(address, "x") + &inline("B1", "y"))), None));
        assert!(told.contains("Excel") || told.contains("超过上限 512"), "{told}");
    }
}

#[test]
fn a_shared_string_of_a_megabyte_in_every_cell_rejects_the_rows_and_nothing_more() {
    let shared = format!("<sst uniqueCount=\"2\"><si><t>{}</t></si><si><t>名称</t></si></sst>", noise(1 << 20));
    let cells = |number: usize, string: usize| -> String {
        ["A", "B", "C"].map(|c| format!(r#"<c r="{c}{number}" t="s"><v>{string}</v></c>"#)).concat()
    };
    let rows: String = (2..4002).map(|number| row(number, &cells(number, 0))).collect();
    let (header, lines) = read(&workbook(&(row(1, &cells(1, 1)) + &rows), Some(&shared)));
    assert_eq!(header, labels(["名称", "名称", "名称"]));
    assert_eq!(lines.len(), 4000);
    assert!(lines.iter().all(|line| line.ends_with("!这一行超过 1024 KB")));
}

/// Text that does not pack well, so that only its size is absurd.
fn noise(bytes: usize) -> String {
    let mut state = 0x2545_F491_4F6C_DD1D_u64;
    let mut next = || {
        state ^= state << 13;
        state ^= state >> 7;
        state ^= state << 17;
        char::from(b'a' + u8::try_from(state % 26).unwrap())
    };
    (0..bytes).map(|_| next()).collect()
}

#[test]
fn a_stated_count_that_kills_its_reader_kills_only_the_child() {
    let shared = r#"<sst uniqueCount="1152921504606846976"><si><t>x</t></si></sst>"#;
    let told = refusal(&workbook(&small_sheet(), Some(shared)));
    assert!(told.contains("限定的内存和时间"), "{told}");
}

#[test]
fn a_child_that_outlives_its_deadline_is_killed() {
    let text = noise(50);
    let rows: String = (1..20_000).map(|number| row(number, &inline(&format!("A{number}"), &text))).collect();
    let (_dir, path) = file("x.xlsx", &workbook(&rows, None));
    let mut gate = Gate::upload();
    gate.zip.max_ratio = 10_000;
    gate.child.deadline = std::time::Duration::from_millis(1);
    let error = match Source::open(&path, &gate, &child()) {
        Ok(mut source) => source.find_map(Result::err).expect("the child was not stopped"),
        Err(error) => error,
    };
    assert!(matches!(error, IntakeError::ChildDeadline { .. }), "{error:?}");
}

#[test]
fn a_missing_reader_is_an_error_and_no_panic() {
    let (_dir, path) = file("x.xlsx", &workbook(&small_sheet(), None));
    let nobody = Isolation::Child(PathBuf::from("/nowhere/at/all"));
    assert!(matches!(Source::open(&path, &Gate::upload(), &nobody), Err(IntakeError::ChildStart(_))));
}

// Templates

#[test]
fn a_template_reads_back_as_an_empty_table_with_its_labels() {
    let column = |label: &str, choices: &[&str]| Column {
        key: "k".to_owned(),
        label: label.to_owned(),
        required: true,
        help: "照执照填写".to_owned(),
        example: "武汉甲有限公司".to_owned(),
        choices: choices.iter().map(|choice| (*choice).to_owned()).collect(),
    };
    let template = Template {
        title: "企业".to_owned(),
        columns: vec![column("企业名称", &[]), column("登记状态", &["存续", "注销"])],
        remarks: vec!["一行一家企业".to_owned()],
    };
    let bytes = template.xlsx().unwrap();
    let (header, lines) = read(&bytes);
    assert_eq!((header, lines), (labels(["企业名称", "登记状态"]), vec![]));

    let mut archive = zip::ZipArchive::new(Cursor::new(bytes)).unwrap();
    let mut sheet = String::new();
    archive.by_name("xl/worksheets/sheet1.xml").unwrap().read_to_string(&mut sheet).unwrap();
    assert!(sheet.contains("选项!$B$1:$B$2"), "the second column offers its choices: {sheet}");
}

#[test]
fn the_same_bytes_have_the_same_hash_and_a_format() {
    let (_dir, path) = file("x.csv", TABLE.as_bytes());
    let survey = intake::survey(&path, &Gate::upload()).unwrap();
    assert_eq!((survey.format, survey.encoding), (Format::Table, Some("UTF-8")));
    assert_eq!(survey.sha256.len(), 64);
    assert_eq!(survey, intake::survey(&path, &Gate::upload()).unwrap());
}
