//! Writes the OpenAPI documents.

use std::fs;
use std::path::Path;

use countersign::api::openapi::documents;

use crate::say::say;

/// Writes all documents into `docs/openapi`.
///
/// # Errors
/// When a file cannot be written.
pub(crate) fn write() -> Result<(), String> {
    let folder = Path::new(env!("CARGO_MANIFEST_DIR")).join("../docs/openapi");
    let failed = |error: std::io::Error| format!("docs/openapi cannot be written: {error}");
    fs::create_dir_all(&folder).map_err(failed)?;
    for document in documents() {
        let name = format!("{}.json", document.name);
        fs::write(folder.join(&name), document.text()).map_err(failed)?;
        say(&format!("docs/openapi/{name}"));
    }
    Ok(())
}
