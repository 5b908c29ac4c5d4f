#include "s3/xml.hpp"

#include <algorithm>
#include <array>
#include <charconv>
#include <cstdint>

#include "aws/xml.hpp"
#include "s3/errors.hpp"

namespace stator::s3 {
namespace {

constexpr std::string_view kNamespace = "http://s3.amazonaws.com/doc/2006-03-01/";
constexpr std::string_view kSpace = " \t\r\n";

constexpr std::size_t kDepthMax = 8;

Error malformed() {
  return malformed_xml();
}

void append_utf8(std::string& out, std::uint32_t character) {
  if (character < 0x80) {
    out.push_back(static_cast<char>(character));
  } else if (character < 0x800) {
    out.push_back(static_cast<char>(0xc0 | character >> 6));
    out.push_back(static_cast<char>(0x80 | (character & 0x3f)));
  } else if (character < 0x10000) {
    out.push_back(static_cast<char>(0xe0 | character >> 12));
    out.push_back(static_cast<char>(0x80 | (character >> 6 & 0x3f)));
    out.push_back(static_cast<char>(0x80 | (character & 0x3f)));
  } else {
    out.push_back(static_cast<char>(0xf0 | character >> 18));
    out.push_back(static_cast<char>(0x80 | (character >> 12 & 0x3f)));
    out.push_back(static_cast<char>(0x80 | (character >> 6 & 0x3f)));
    out.push_back(static_cast<char>(0x80 | (character & 0x3f)));
  }
}

/// Reads one tag or text after the other off the front.
class XmlReader {
 public:
  explicit XmlReader(std::string_view text) : rest_(text) {}

  void skip_space() {
    const auto at = rest_.find_first_not_of(kSpace);
    rest_.remove_prefix(at == std::string_view::npos ? rest_.size() : at);
  }
  [[nodiscard]] bool is_done() const { return rest_.empty(); }
  [[nodiscard]] bool is_closing() const { return rest_.starts_with("</"); }
  [[nodiscard]] bool skip(std::string_view text) {
    if (!rest_.starts_with(text)) return false;
    rest_.remove_prefix(text.size());
    return true;
  }
  /// `<?xml ...?>`, if there is one.
  Result<void> skip_declaration() {
    if (!skip("<?xml")) return {};
    const auto end = rest_.find("?>");
    if (end == std::string_view::npos) return malformed();
    rest_.remove_prefix(end + 2);
    return {};
  }
  struct Tag {
    std::string name;
    bool is_empty = false;
  };
  /// `<name attributes>` or `<name/>`.
  Result<Tag> open_tag() {
    if (!skip("<")) return malformed();
    const auto end = rest_.find_first_of("<>");
    if (end == std::string_view::npos || rest_[end] == '<') return malformed();
    auto inside = rest_.substr(0, end);
    rest_.remove_prefix(end + 1);
    Tag tag;
    tag.is_empty = inside.ends_with('/');
    if (tag.is_empty) inside.remove_suffix(1);
    tag.name = inside.substr(0, inside.find_first_of(kSpace));
    if (tag.name.empty() || tag.name.find_first_of("/!?&'\"=") != std::string::npos) {
      return malformed();
    }
    return tag;
  }
  Result<void> close_tag(std::string_view name) {
    if (!skip("</") || !skip(name)) return malformed();
    skip_space();
    if (!skip(">")) return malformed();
    return {};
  }
  /// Up to the next tag, the five entities replaced.
  Result<std::string> text() {
    const auto end = rest_.find('<');
    if (end == std::string_view::npos) return malformed();
    auto raw = rest_.substr(0, end);
    rest_.remove_prefix(end);
    std::string text;
    for (;;) {
      const auto ampersand = raw.find('&');
      text.append(raw.substr(0, ampersand));
      if (ampersand == std::string_view::npos) return text;
      raw.remove_prefix(ampersand);
      STATOR_TRY_VOID(take_entity(raw, text));
    }
  }

 private:
  static Result<void> take_entity(std::string_view& raw, std::string& out) {
    static constexpr std::array<std::pair<std::string_view, char>, 5> kEntities = {
        {{"&amp;", '&'}, {"&lt;", '<'}, {"&gt;", '>'}, {"&quot;", '"'}, {"&apos;", '\''}}};
    for (const auto& [name, c] : kEntities) {
      if (!raw.starts_with(name)) continue;
      raw.remove_prefix(name.size());
      out.push_back(c);
      return {};
    }
    const auto end = raw.find(';');
    if (!raw.starts_with("&#") || end == std::string_view::npos) return malformed();
    auto digits = raw.substr(2, end - 2);
    const bool is_hex = digits.starts_with('x');
    if (is_hex) digits.remove_prefix(1);
    std::uint32_t character = 0;
    const auto [stop, error] =
        std::from_chars(digits.data(), digits.data() + digits.size(), character, is_hex ? 16 : 10);
    const bool is_character =
        character > 0 && character <= 0x10ffff && (character < 0xd800 || character > 0xdfff);
    if (error != std::errc() || stop != digits.data() + digits.size() || !is_character) {
      return malformed();
    }
    append_utf8(out, character);
    raw.remove_prefix(end + 1);
    return {};
  }

  std::string_view rest_;
};

/// What stands between an element's tags, and the closing one.
Result<void> read_content(XmlReader& reader, XmlElement& element, std::size_t depth) {
  if (depth > kDepthMax) return malformed();
  for (;;) {
    STATOR_TRY(auto text, reader.text());
    if (reader.is_closing()) {
      if (element.children.empty()) {
        element.text = std::move(text);
      } else if (text.find_first_not_of(kSpace) != std::string::npos) {
        return malformed();
      }
      return reader.close_tag(element.name);
    }
    if (text.find_first_not_of(kSpace) != std::string::npos) return malformed();
    STATOR_TRY(auto tag, reader.open_tag());
    XmlElement child{std::move(tag.name)};
    if (!tag.is_empty) {
      STATOR_TRY_VOID(read_content(reader, child, depth + 1));
    }
    element.children.push_back(std::move(child));
  }
}

}  // namespace

XmlDocument::XmlDocument(std::string_view root) : root_(root) {
  text_ = "<?xml version=\"1.0\" encoding=\"UTF-8\"?>\n<" + root_ + " xmlns=\"" +
          std::string(kNamespace) + "\">";
}

void XmlDocument::open(std::string_view name) {
  text_.append("<").append(name).append(">");
}

void XmlDocument::close(std::string_view name) {
  text_.append("</").append(name).append(">");
}

void XmlDocument::element(std::string_view name, std::string_view text) {
  open(name);
  this->text(text);
  close(name);
}

void XmlDocument::text(std::string_view text) {
  aws::append_xml_text(text_, text);
}

http::Response XmlDocument::finish(int status) && {
  close(root_);
  http::Response response;
  response.status = status;
  response.headers.add("Content-Type", "application/xml");
  response.body = std::move(text_);
  return response;
}

http::Response error_document(
    int status, std::initializer_list<std::pair<std::string_view, std::string_view>> elements) {
  http::Response response;
  response.status = status;
  response.headers.add("Content-Type", "application/xml");
  response.body = "<?xml version=\"1.0\" encoding=\"UTF-8\"?>\n<Error>";
  for (const auto& [name, text] : elements) {
    response.body.append("<").append(name).append(">");
    aws::append_xml_text(response.body, text);
    response.body.append("</").append(name).append(">");
  }
  response.body.append("</Error>");
  return response;
}

const XmlElement* XmlElement::find(std::string_view child) const {
  for (const auto& one : children) {
    if (one.name == child) return &one;
  }
  return nullptr;
}

std::string XmlElement::text_of(std::string_view child) const {
  const auto* found = find(child);
  return found == nullptr ? "" : found->text;
}

Result<void> XmlElement::allow_only(std::initializer_list<std::string_view> names) const {
  for (const auto& child : children) {
    if (std::find(names.begin(), names.end(), child.name) == names.end()) {
      return not_implemented(name + "." + child.name);
    }
  }
  return {};
}

Result<XmlElement> parse_xml(std::string_view text, std::string_view root) {
  XmlReader reader(text);
  reader.skip_space();
  STATOR_TRY_VOID(reader.skip_declaration());
  reader.skip_space();
  STATOR_TRY(auto tag, reader.open_tag());
  if (tag.name != root) return malformed();
  XmlElement element{std::move(tag.name)};
  if (!tag.is_empty) {
    STATOR_TRY_VOID(read_content(reader, element, 1));
  }
  reader.skip_space();
  if (!reader.is_done()) return malformed();
  return element;
}

}  // namespace stator::s3
