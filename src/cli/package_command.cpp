#include <iostream>

#include "base/file.hpp"
#include "cli/commands.hpp"
#include "cli/packing.hpp"
#include "cloudformation/yaml_loader.hpp"
#include "json/yaml.hpp"

namespace stator::cli {
namespace {

namespace fs = std::filesystem;

Result<void> write_zip(const fs::path& file, const std::string& zip) {
  STATOR_TRY_VOID(write_file_durably(file, zip));
  std::cout << file.string() << "  " << (zip.size() + 1023) / 1024 << " KiB" << std::endl;
  return {};
}

Result<void> package_directory(const PackageOptions& options, const PackOptions& how) {
  const PackageKind kind = options.is_layer ? PackageKind::kLayer : PackageKind::kFunction;
  STATOR_TRY(auto entries, gather(options.source, kind, how));
  STATOR_TRY(const std::string zip, archive::pack(std::move(entries)));
  const fs::path name = fs::absolute(options.source / ".").parent_path().filename();
  return write_zip(options.out.empty() ? fs::path(name.string() + ".zip") : options.out, zip);
}

Result<void> package_template(const PackageOptions& options, const PackOptions& how) {
  const fs::path base = fs::absolute(options.source).parent_path();
  const fs::path out = options.out.empty() ? base / "packaged" : options.out;
  STATOR_TRY(const std::string text, read_file(options.source, 1u << 20));
  STATOR_TRY(json::Object body, cloudformation::load_template(text));
  STATOR_TRY(const PackedTemplate packed, pack_template(std::move(body), base, how));
  std::error_code error;
  fs::create_directories(out, error);
  if (error) return internal(out.string() + ": " + error.message());
  for (const auto& [name, zip] : packed.zips) STATOR_TRY_VOID(write_zip(out / name, zip));
  // The template last: where it is, everything that it names is.
  const fs::path file = out / "template.yaml";
  STATOR_TRY_VOID(write_file_durably(file, json::dump_yaml(packed.body)));
  std::cout << file.string() << std::endl;
  return {};
}

}  // namespace

int package_files(const PackageOptions& options) {
  PackOptions how;
  if (!options.wheels.empty()) how.wheels = fs::absolute(options.wheels);
  how.python = options.python;
  std::error_code ignored;
  const auto outcome = fs::is_directory(options.source, ignored) ? package_directory(options, how)
                                                                 : package_template(options, how);
  return outcome ? 0 : fail(outcome.error());
}

}  // namespace stator::cli
