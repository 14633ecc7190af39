//! Makes the JavaScript around a module: `glue MODULE.wasm FOLDER NAME`.
//!
//! A program of this package instead of an installed tool: its version is the one in Cargo.lock, which
//! must be that of the `wasm-bindgen` crate to the last digit.

use std::env::args_os;
use std::path::PathBuf;

fn main() -> Result<(), Box<dyn std::error::Error>> {
    let mut arguments = args_os().skip(1).map(PathBuf::from);
    let (Some(module), Some(folder), Some(name), None) = (
        arguments.next(),
        arguments.next(),
        arguments.next(),
        arguments.next(),
    ) else {
        return Err("glue MODULE.wasm FOLDER NAME".into());
    };
    let mut bindgen = wasm_bindgen_cli_support::Bindgen::new();
    bindgen
        .input_path(module)
        .out_name(name.to_str().ok_or("NAME")?)
        .web(true)?
        .typescript(true)
        .remove_name_section(true)
        .remove_producers_section(true);
    bindgen.generate(folder)?;
    Ok(())
}
