#include <algorithm>
#include <utility>
#include <vector>

#include "aws/sigv4.hpp"
#include "base/bytes.hpp"
#include "base/strings.hpp"

namespace stator::aws::sigv4 {
namespace {

/// The path without dot segments and repeated slashes; a slash at the end stays.
std::string normalized(std::string_view path) {
  std::vector<std::string_view> kept;
  for (const std::string_view segment : split(path, '/')) {
    if (segment.empty() || segment == ".") continue;
    if (segment != "..") {
      kept.push_back(segment);
    } else if (!kept.empty()) {
      kept.pop_back();
    }
  }
  std::string out = "/";
  for (std::size_t i = 0; i < kept.size(); ++i) {
    if (i > 0) out += '/';
    out += kept[i];
  }
  if (path.ends_with('/') && !kept.empty()) out += '/';
  return out;
}

void append_path(std::string& out, std::string_view path, PathStyle style) {
  if (path.empty() || path == "/") {
    out += '/';
  } else if (style == PathStyle::kNormalized) {
    out += percent_encode(normalized(path), true);
  } else {
    const auto decoded = percent_decode(path);
    out += decoded ? percent_encode(*decoded, true) : std::string(path);
  }
}

/// One encoding for every spelling a client may choose; what is not an escape stays as it is.
std::string strictly_encoded(std::string_view text) {
  const auto decoded = percent_decode(text, true);
  return percent_encode(decoded ? *decoded : std::string(text));
}

void append_query(std::string& out, std::string_view query, bool has_late_token) {
  if (query.empty()) return;
  std::vector<std::pair<std::string, std::string>> parameters;
  for (const std::string_view pair : split(query, '&')) {
    if (pair.empty()) continue;
    const auto equals = pair.find('=');
    std::string name = strictly_encoded(pair.substr(0, equals));
    if (name == "X-Amz-Signature") continue;
    if (has_late_token && name == "X-Amz-Security-Token") continue;
    const bool has_value = equals != std::string_view::npos;
    parameters.emplace_back(std::move(name),
                            has_value ? strictly_encoded(pair.substr(equals + 1)) : "");
  }
  std::sort(parameters.begin(), parameters.end());
  for (std::size_t i = 0; i < parameters.size(); ++i) {
    if (i > 0) out += '&';
    out.append(parameters[i].first).append("=").append(parameters[i].second);
  }
}

/// Without spaces at the ends, and with one space for each run within.
void append_squeezed(std::string& out, std::string_view value) {
  value = trim(value);
  if (value.find_first_of(" \t") == std::string_view::npos) {
    out += value;
    return;
  }
  bool after_space = false;
  for (const char c : value) {
    const bool is_space = c == ' ' || c == '\t';
    if (!is_space) {
      out += c;
    } else if (!after_space) {
      out += ' ';
    }
    after_space = is_space;
  }
}

void append_header(std::string& out, const http::Headers& headers, std::string_view name) {
  out.append(name).append(":");
  bool first = true;
  for (const auto& [key, value] : headers.fields()) {
    if (key.size() != name.size() || !equals_ignore_case(key, name)) continue;
    if (!first) out += ',';
    first = false;
    append_squeezed(out, value);
  }
  out += '\n';
}

/// Lower case, sorted, each once: as nearly every client sends them.
bool is_canonical(std::string_view names) {
  std::string_view previous;
  for (;;) {
    const auto end = names.find(';');
    const std::string_view name = names.substr(0, end);
    const auto is_upper = [](char c) { return c >= 'A' && c <= 'Z'; };
    if (name <= previous || std::any_of(name.begin(), name.end(), is_upper)) return false;
    if (end == std::string_view::npos) return true;
    previous = name;
    names.remove_prefix(end + 1);
  }
}

std::string canonical_names(std::string_view sent) {
  std::vector<std::string> names;
  for (const std::string_view name : split(sent, ';')) {
    if (!name.empty()) names.push_back(to_lower(name));
  }
  std::sort(names.begin(), names.end());
  names.erase(std::unique(names.begin(), names.end()), names.end());
  return join(names, ";");
}

void append_headers(std::string& out, const http::Headers& headers, std::string_view names) {
  while (!names.empty()) {
    const auto end = names.find(';');
    append_header(out, headers, names.substr(0, end));
    if (end == std::string_view::npos) return;
    names.remove_prefix(end + 1);
  }
}

}  // namespace

std::string canonical_request(const http::Request& request, const CanonicalRules& rules) {
  std::string rewritten;
  std::string_view names = rules.signed_headers;
  if (!is_canonical(names)) {
    rewritten = canonical_names(names);
    names = rewritten;
  }
  std::string out;
  out.reserve(1024);
  out.append(request.method).append("\n");
  append_path(out, request.path(), rules.path);
  out += '\n';
  append_query(out, request.query(), rules.has_late_token);
  out += '\n';
  append_headers(out, request.headers, names);
  return out.append("\n").append(names).append("\n").append(rules.payload_hash);
}

}  // namespace stator::aws::sigv4
