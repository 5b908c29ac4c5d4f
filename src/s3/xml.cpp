#include "s3/xml.hpp"

#include <array>

#include "aws/xml.hpp"
#include "s3/errors.hpp"

namespace stator::s3 {
namespace {

constexpr std::string_view kNamespace = "http://s3.amazonaws.com/doc/2006-03-01/";
constexpr std::string_view kSpace = " \t\r\n";

Error malformed() {
  return s3_error(ErrorCode::kInvalid, "MalformedXML",
                  "The XML you provided was not well-formed or did not validate against our "
                  "published schema");
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
      STATOR_TRY(const char c, entity(raw));
      text.push_back(c);
    }
  }

 private:
  static Result<char> entity(std::string_view& raw) {
    static constexpr std::array<std::pair<std::string_view, char>, 5> kEntities = {
        {{"&amp;", '&'}, {"&lt;", '<'}, {"&gt;", '>'}, {"&quot;", '"'}, {"&apos;", '\''}}};
    for (const auto& [name, c] : kEntities) {
      if (!raw.starts_with(name)) continue;
      raw.remove_prefix(name.size());
      return c;
    }
    return malformed();
  }

  std::string_view rest_;
};

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

Result<FlatXml> parse_flat_xml(std::string_view text) {
  XmlReader reader(text);
  reader.skip_space();
  STATOR_TRY_VOID(reader.skip_declaration());
  reader.skip_space();
  STATOR_TRY(auto root, reader.open_tag());
  FlatXml xml;
  xml.root = std::move(root.name);
  while (!root.is_empty) {
    reader.skip_space();
    if (reader.skip("</")) {
      if (!reader.skip(xml.root + ">")) return malformed();
      break;
    }
    STATOR_TRY(auto tag, reader.open_tag());
    std::string content;
    if (!tag.is_empty) {
      STATOR_TRY(content, reader.text());
      STATOR_TRY_VOID(reader.close_tag(tag.name));
    }
    xml.elements.emplace_back(std::move(tag.name), std::move(content));
  }
  reader.skip_space();
  if (!reader.is_done()) return malformed();
  return xml;
}

}  // namespace stator::s3
