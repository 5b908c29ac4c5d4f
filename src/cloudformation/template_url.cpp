#include "cloudformation/template_url.hpp"

#include "base/bytes.hpp"
#include "base/strings.hpp"
#include "cloudformation/errors.hpp"

namespace stator::cloudformation {
namespace {

Error bad_url(std::string_view url) {
  return validation_error("TemplateURL must be a supported URL (" + std::string(url) +
                          "): http or https, a bucket and a key.");
}

/// The bucket that a host of the virtual-host style names, "" for other hosts.
std::string_view bucket_in(std::string_view host) {
  for (const std::string_view mark : {".s3.", ".s3-"}) {
    if (const auto at = host.find(mark); at != std::string_view::npos) return host.substr(0, at);
  }
  constexpr std::string_view kLocal = ".localhost";
  return host.ends_with(kLocal) ? host.substr(0, host.size() - kLocal.size()) : std::string_view();
}

}  // namespace

Result<TemplateLocation> locate_template(std::string_view url) {
  std::string_view rest = url;
  if (rest.starts_with("https://")) {
    rest.remove_prefix(8);
  } else if (rest.starts_with("http://")) {
    rest.remove_prefix(7);
  } else {
    return bad_url(url);
  }
  TemplateLocation found;
  if (const auto mark = rest.find('?'); mark != std::string_view::npos) {
    for (const std::string_view pair : split(rest.substr(mark + 1), '&')) {
      if (!pair.starts_with("versionId=")) {
        return validation_error(
            "stator supports no query parameter of a TemplateURL but versionId");
      }
      const auto version = percent_decode(pair.substr(10));
      if (!version) return bad_url(url);
      found.version = *version;
    }
    rest = rest.substr(0, mark);
  }
  const auto slash = rest.find('/');
  if (slash == std::string_view::npos) return bad_url(url);
  std::string_view host = rest.substr(0, slash), path = rest.substr(slash + 1);
  host = host.substr(0, host.find(':'));
  std::string_view bucket = bucket_in(host);
  if (bucket.empty()) {
    const auto end = path.find('/');
    if (end == std::string_view::npos) return bad_url(url);
    bucket = path.substr(0, end);
    path.remove_prefix(end + 1);
  }
  const auto key = percent_decode(path);
  if (bucket.empty() || !key || key->empty()) return bad_url(url);
  found.bucket = bucket;
  found.key = *key;
  return found;
}

Result<std::string> read_template(ApiClient& client, std::string_view url) {
  STATOR_TRY(const TemplateLocation place, locate_template(url));
  json::Object input{{"Bucket", place.bucket}, {"Key", place.key}};
  if (!place.version.empty()) input["Query"] = json::Object{{"versionId", place.version}};
  const auto answer = client.call("s3", "GetObject", std::move(input));
  if (!answer) return validation_error("S3 error: " + answer.error().message);
  std::string body = json::find_string(*answer, "Body").value_or("");
  if (body.size() > kTemplateUrlBytesMax) {
    return validation_error("Template may not exceed " + std::to_string(kTemplateUrlBytesMax) +
                            " bytes in size.");
  }
  return body;
}

}  // namespace stator::cloudformation
