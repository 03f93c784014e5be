//! An archive is walked before anything inside it is believed: names, flags, sizes as stated and bytes as counted.

use std::fs::File;
use std::io::Read;
use std::path::Path;

use zip::ZipArchive;
use zip::read::ZipFile;

use crate::error::IntakeError;
use crate::gate::{Gate, ZipLimits};

/// Refuses an archive that is broken, encrypted, nested, escapes its directory or unfolds beyond the limits.
/// Uses a few kilobytes whatever it holds.
pub(crate) fn walk(path: &Path, gate: &Gate) -> Result<(), IntakeError> {
    let file = File::open(path).map_err(|source| IntakeError::Io { path: path.to_owned(), source })?;
    let mut archive = ZipArchive::new(file).map_err(IntakeError::Archive)?;
    let limits = &gate.zip;
    if archive.len() > limits.max_entries {
        return Err(IntakeError::TooManyEntries { entries: archive.len(), max: limits.max_entries });
    }
    stated_sizes(&mut archive, limits)?;
    let mut total = 0_u64;
    for index in 0..archive.len() {
        let mut entry =
            archive.by_index(index).map_err(|error| refused(&error).unwrap_or(IntakeError::Archive(error)))?;
        total += inflate(&mut entry, limits, total)?;
    }
    Ok(())
}

/// The directory alone, before a byte is inflated: this turns away an honest bomb at no cost.
fn stated_sizes(archive: &mut ZipArchive<File>, limits: &ZipLimits) -> Result<(), IntakeError> {
    let mut total = 0_u64;
    for index in 0..archive.len() {
        let entry = archive.by_index_raw(index).map_err(IntakeError::Archive)?;
        let name = name(&entry);
        if let Some(what) = unsafe_kind(&entry, &name) {
            return Err(IntakeError::UnsafeEntry { entry: name, what });
        }
        ratio(&name, entry.size(), entry.compressed_size(), limits)?;
        total = total.saturating_add(entry.size());
        if total > limits.max_inflated_bytes {
            return Err(IntakeError::Inflates { max: limits.max_inflated_bytes });
        }
    }
    Ok(())
}

fn unsafe_kind<R: Read>(entry: &ZipFile<'_, R>, name: &str) -> Option<&'static str> {
    let extension = Path::new(name).extension().and_then(|e| e.to_str()).unwrap_or_default().to_ascii_lowercase();
    if entry.encrypted() {
        Some("已加密")
    } else if entry.is_symlink() {
        Some("符号链接")
    } else if entry.enclosed_name().is_none() {
        Some("路径越界")
    } else if ["zip", "xlsx", "xlsm", "docx", "7z", "rar", "gz"].contains(&extension.as_str()) {
        Some("压缩包里又有压缩包")
    } else {
        None
    }
}

/// Counts what really comes out; stated sizes may lie.
fn inflate<R: Read>(entry: &mut ZipFile<'_, R>, limits: &ZipLimits, before: u64) -> Result<u64, IntakeError> {
    let name = name(entry);
    let compressed = entry.compressed_size();
    let mut buffer = [0_u8; 16 * 1024];
    let mut inflated = 0_u64;
    loop {
        let read = entry.read(&mut buffer).map_err(|source| IntakeError::Entry { entry: name.clone(), source })? as u64;
        if read == 0 {
            return Ok(inflated);
        }
        inflated += read;
        if before + inflated > limits.max_inflated_bytes {
            return Err(IntakeError::Inflates { max: limits.max_inflated_bytes });
        }
        ratio(&name, inflated, compressed, limits)?;
    }
}

fn ratio(name: &str, inflated: u64, compressed: u64, limits: &ZipLimits) -> Result<(), IntakeError> {
    let too_far = inflated > limits.ratio_from_bytes && inflated / compressed.max(1) > limits.max_ratio;
    if too_far { Err(IntakeError::Ratio { entry: name.to_owned(), max: limits.max_ratio }) } else { Ok(()) }
}

fn name<R: Read>(entry: &ZipFile<'_, R>) -> String {
    entry.name().map_or_else(|_| String::from_utf8_lossy(entry.name_raw()).into_owned(), std::borrow::Cow::into_owned)
}

fn refused(error: &zip::result::ZipError) -> Option<IntakeError> {
    let password = matches!(error, zip::result::ZipError::UnsupportedArchive(text) if text.contains("assword"));
    password.then_some(IntakeError::LegacyOrEncrypted)
}
