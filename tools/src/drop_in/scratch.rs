//! The copy that is worked on.

use std::fs;
use std::path::{Path, PathBuf};
use std::process::Command;

use serde_json::Value;

use super::{Error, Options, Result};

/// A copy of the crate, with its workspace if it is a member of one.
pub(super) struct Scratch {
    /// The workspace's folder: rustc names files from here.
    pub(super) root: PathBuf,
    /// The crate's folder.
    pub(super) package: PathBuf,
    /// Its name and version.
    pub(super) title: String,
    /// What is built goes here, and is kept for the next run.
    pub(super) target: PathBuf,
}

impl Scratch {
    /// Copies the crate, and makes the copy depend on segue.
    pub(super) fn copy(options: &Options) -> Result<Scratch> {
        let manifest = options.path.join("Cargo.toml");
        if !manifest.is_file() {
            return Err(Error(format!("there is no Cargo.toml in {}", options.path.display())));
        }
        let manifest = canonical(&manifest)?;
        let metadata = metadata(&manifest)?;
        let package = metadata["packages"]
            .as_array()
            .and_then(|packages| {
                packages.iter().find(|one| one["manifest_path"].as_str().map(Path::new) == Some(&manifest))
            })
            .ok_or_else(|| {
                Error(format!(
                    "{} is a workspace without a package; give one of its members",
                    manifest.display()
                ))
            })?;
        let [name, version] = ["name", "version"].map(|key| package[key].as_str().unwrap_or_default());
        let from = PathBuf::from(metadata["workspace_root"].as_str().unwrap_or_default());
        let inner = manifest.parent().and_then(|folder| folder.strip_prefix(&from).ok()).unwrap_or(&from);
        fs::create_dir_all(&options.scratch).map_err(|error| Error::at(&options.scratch, error))?;
        let folder = canonical(&options.scratch)?.join(name);
        let root = folder.join("copy");
        if root.exists() {
            fs::remove_dir_all(&root).map_err(|error| Error::at(&root, error))?;
        }
        copy(&from, &root)?;
        let scratch = Scratch {
            package: root.join(inner),
            root,
            title: format!("{name} {version}"),
            target: folder.join("target"),
        };
        let dependencies = package["dependencies"].as_array();
        if !dependencies.is_some_and(|all| all.iter().any(|one| one["name"] == "segue")) {
            scratch.depend_on_segue(options)?;
        }
        Ok(scratch)
    }

    fn depend_on_segue(&self, options: &Options) -> Result<()> {
        let runtime = Path::new(env!("CARGO_MANIFEST_DIR")).join("../runtime");
        let output = Command::new(super::cargo::program())
            .args(["add", "--quiet", "segue", "--no-default-features", "--features", "std", "--path"])
            .arg(canonical(&runtime)?)
            .args(options.cargo.iter().filter(|argument| *argument == "--offline"))
            .current_dir(&self.package)
            .output()
            .map_err(|error| Error(format!("cargo can't be run: {error}")))?;
        let told = String::from_utf8_lossy(&output.stderr);
        output
            .status
            .success()
            .then_some(())
            .ok_or_else(|| Error(format!("segue can't be made a dependency:\n{told}")))
    }
}

fn canonical(path: &Path) -> Result<PathBuf> {
    path.canonicalize().map_err(|error| Error::at(path, error))
}

/// What cargo knows of the workspace of this manifest.
fn metadata(manifest: &Path) -> Result<Value> {
    let output = Command::new(super::cargo::program())
        .args(["metadata", "--no-deps", "--format-version", "1", "--manifest-path"])
        .arg(manifest)
        .output()
        .map_err(|error| Error(format!("cargo can't be run: {error}")))?;
    if !output.status.success() {
        let told = String::from_utf8_lossy(&output.stderr);
        return Err(Error(format!("cargo can't read {}:\n{told}", manifest.display())));
    }
    serde_json::from_slice(&output.stdout).map_err(|error| Error(format!("cargo metadata: {error}")))
}

/// Copies a folder, without what is built or hidden. `.cargo` is copied: it may configure the build.
fn copy(from: &Path, to: &Path) -> Result<()> {
    fs::create_dir_all(to).map_err(|error| Error::at(to, error))?;
    for entry in fs::read_dir(from).map_err(|error| Error::at(from, error))? {
        let entry = entry.map_err(|error| Error::at(from, error))?;
        let (source, name) = (entry.path(), entry.file_name());
        let hidden = name.to_string_lossy().starts_with('.') && name != ".cargo";
        if source.is_dir() {
            if !hidden && !source.join("CACHEDIR.TAG").exists() {
                copy(&source, &to.join(name))?;
            }
        } else if source.is_file() {
            fs::copy(&source, to.join(name)).map_err(|error| Error::at(&source, error))?;
        }
    }
    Ok(())
}

/// The sources of the package, without those of packages inside its folder.
pub(super) fn sources(folder: &Path) -> Result<Vec<PathBuf>> {
    let mut found = Vec::new();
    let mut entries: Vec<PathBuf> = fs::read_dir(folder)
        .map_err(|error| Error::at(folder, error))?
        .flatten()
        .map(|entry| entry.path())
        .collect();
    entries.sort();
    for entry in entries {
        if entry.is_dir() {
            if !entry.join("Cargo.toml").exists() {
                found.extend(sources(&entry)?);
            }
        } else if entry.extension().is_some_and(|extension| extension == "rs") {
            found.push(entry);
        }
    }
    Ok(found)
}
