#include "cli/deploy/package.hpp"

#include <array>
#include <functional>

#include "archive/zip.hpp"
#include "base/file.hpp"
#include "cli/packing.hpp"
#include "cloudformation/yaml_loader.hpp"
#include "crypto/crypto.hpp"

namespace stator::cli {
namespace {

namespace fs = std::filesystem;

constexpr int kNestingMax = 8;
constexpr std::size_t kTemplateBytesMax = 1u << 20;

/// How a property takes S3's place.
enum class Form { kUri, kMembers, kTemplate };
struct CodeProperty {
  std::string_view type;
  std::string_view property;
  Form form;
  PackageKind kind = PackageKind::kFunction;
};
constexpr std::array kCodeProperties = {
    CodeProperty{"AWS::Serverless::Function", "CodeUri", Form::kUri},
    CodeProperty{"AWS::Serverless::LayerVersion", "ContentUri", Form::kUri, PackageKind::kLayer},
    CodeProperty{"AWS::Lambda::Function", "Code", Form::kMembers},
    CodeProperty{"AWS::Lambda::LayerVersion", "Content", Form::kMembers, PackageKind::kLayer},
    CodeProperty{"AWS::CloudFormation::Stack", "TemplateURL", Form::kTemplate},
};

json::Object* object_at(json::Object* object, std::string_view name) {
  json::Value* value =
      object == nullptr ? nullptr
                        : object->if_contains(boost::json::string_view(name.data(), name.size()));
  return value != nullptr && value->is_object() ? &value->get_object() : nullptr;
}

bool is_remote(std::string_view path) {
  return path.starts_with("s3://") || path.starts_with("https://") || path.starts_with("http://");
}

/// A property that names something local.
struct Place {
  std::string resource;
  Form form;
  std::string_view property;
  PackageKind kind;
  json::Value* value;
};
using Visit = std::function<Result<void>(const Place&)>;

Result<void> visit_member(std::string resource, json::Object* properties, const CodeProperty& code,
                          const Visit& visit) {
  if (properties == nullptr) return {};
  json::Value* value =
      properties->if_contains(boost::json::string_view(code.property.data(), code.property.size()));
  if (value == nullptr || !value->is_string() || is_remote(json::view(value->get_string()))) {
    return {};
  }
  return visit({std::move(resource), code.form, code.property, code.kind, value});
}

Result<void> visit_places(json::Object& body, const Visit& visit) {
  json::Object* shared = object_at(object_at(&body, "Globals"), "Function");
  STATOR_TRY_VOID(visit_member("Globals", shared, kCodeProperties[0], visit));
  json::Object* resources = object_at(&body, "Resources");
  if (resources == nullptr) return {};
  for (auto& entry : *resources) {
    if (!entry.value().is_object()) continue;
    json::Object& resource = entry.value().get_object();
    const std::string type = json::find_string(resource, "Type").value_or("");
    for (const CodeProperty& code : kCodeProperties) {
      if (type != code.type) continue;
      STATOR_TRY_VOID(
          visit_member(std::string(entry.key()), object_at(&resource, "Properties"), code, visit));
    }
  }
  return {};
}

Result<std::string> zip_of(const fs::path& path, PackageKind kind) {
  if (path.extension() == ".zip") return read_file(path);
  STATOR_TRY(auto entries, gather(path, kind, PackOptions()));
  return archive::pack(std::move(entries));
}

class Packer {
 public:
  Packer(Artifacts& artifacts, PackageCache& cache) : artifacts_(artifacts), cache_(cache) {}

  Result<void> pack(json::Object& body, const fs::path& base, int depth) {
    const Visit visit = [&](const Place& place) -> Result<void> {
      const std::string local(json::view(place.value->get_string()));
      const fs::path path = (base / local).lexically_normal();
      paths_.push_back({place.resource, path});
      const auto key =
          place.form == Form::kTemplate ? upload_template(path, depth) : upload(path, place.kind);
      if (!key) {
        Error error = key.error();
        error.message =
            (place.resource == "Globals" ? "Globals: " : "resource " + place.resource + ": ") +
            std::string(place.property) + " '" + local + "': " + error.message;
        return error;
      }
      put_place(place, *key);
      return {};
    };
    return visit_places(body, visit);
  }

  std::vector<LocalPath> take_paths() { return std::move(paths_); }

 private:
  void put_place(const Place& place, const std::string& key) {
    if (place.form == Form::kUri) {
      *place.value = "s3://" + artifacts_.bucket() + "/" + key;
    } else if (place.form == Form::kTemplate) {
      *place.value = artifacts_.url_of(key);
    } else {
      *place.value = json::Object{{"S3Bucket", artifacts_.bucket()}, {"S3Key", key}};
    }
  }

  Result<std::string> upload(const fs::path& path, PackageKind kind) {
    STATOR_TRY(const Fingerprint seen, fingerprint_of(path));
    const auto put = [this](const std::string& sha256,
                            const std::function<Result<std::string>()>& contents) {
      return artifacts_.put(sha256 + ".zip", "application/zip", contents);
    };
    if (const auto known = cache_.find(path, seen)) {
      // Its package may be gone from the bucket, and the directory may have changed since.
      bool is_same = true;
      const auto contents = [&]() -> Result<std::string> {
        STATOR_TRY(std::string zip, zip_of(path, kind));
        is_same = crypto::sha256_hex(zip) == *known;
        if (!is_same) return unavailable("its files change while they are packed");
        return zip;
      };
      const auto outcome = put(*known, contents);
      if (outcome) return *known + ".zip";
      if (is_same) return outcome.error();
    }
    STATOR_TRY(const std::string zip, zip_of(path, kind));
    const std::string sha256 = crypto::sha256_hex(zip);
    STATOR_TRY_VOID(put(sha256, [&zip]() -> Result<std::string> { return zip; }));
    cache_.put(path, seen, sha256);
    return sha256 + ".zip";
  }

  /// A nested stack's template, with what it names itself.
  Result<std::string> upload_template(const fs::path& path, int depth) {
    if (depth == kNestingMax) return invalid("templates are nested more than eight deep");
    STATOR_TRY(const std::string text, read_file(path, kTemplateBytesMax));
    STATOR_TRY(json::Object body, cloudformation::load_template(text));
    STATOR_TRY_VOID(pack(body, path.parent_path(), depth + 1));
    const std::string packed = json::dump(body);
    const std::string key = crypto::sha256_hex(packed) + ".template";
    STATOR_TRY_VOID(artifacts_.put(key, "application/json",
                                   [&packed]() -> Result<std::string> { return packed; }));
    return key;
  }

  Artifacts& artifacts_;
  PackageCache& cache_;
  std::vector<LocalPath> paths_;
};

}  // namespace

Result<Packaged> package(json::Object template_body, const fs::path& base, Artifacts& artifacts,
                         PackageCache& cache) {
  Packer packer(artifacts, cache);
  const std::size_t uploaded = artifacts.uploaded();
  STATOR_TRY_VOID(packer.pack(template_body, base, 0));
  return Packaged{std::move(template_body), packer.take_paths(), artifacts.uploaded() - uploaded};
}

std::vector<LocalPath> local_paths(const json::Object& template_body, const fs::path& base) {
  std::vector<LocalPath> paths;
  json::Object body = template_body;
  (void)visit_places(body, [&](const Place& place) -> Result<void> {
    paths.push_back(
        {place.resource,
         (base / std::string(json::view(place.value->get_string()))).lexically_normal()});
    return {};
  });
  return paths;
}

json::Object with_pretended_places(json::Object template_body) {
  (void)visit_places(template_body, [](const Place& place) -> Result<void> {
    const std::string key(json::view(place.value->get_string()));
    if (place.form == Form::kMembers) {
      *place.value = json::Object{{"S3Bucket", "packages"}, {"S3Key", key}};
    } else {
      *place.value =
          (place.form == Form::kUri ? "s3://packages/" : "https://s3.amazonaws.com/packages/") +
          key;
    }
    return {};
  });
  return template_body;
}

}  // namespace stator::cli
