#pragma once

#include <string>
#include <string_view>
#include <utility>
#include <vector>

#include "base/result.hpp"
#include "http/message.hpp"

/// The little XML that S3 speaks.
namespace stator::s3 {

/// An answer's document, written from the outside in.
class XmlDocument {
 public:
  /// Opens the root, which carries S3's namespace.
  explicit XmlDocument(std::string_view root);
  void open(std::string_view name);
  void close(std::string_view name);
  /// `<name>text</name>`
  void element(std::string_view name, std::string_view text);
  /// Text within what is open.
  void text(std::string_view text);
  /// Closes the root; the answer with this document as its body.
  [[nodiscard]] http::Response finish(int status = 200) &&;

 private:
  std::string root_;
  std::string text_;
};

/// A request document whose root holds only elements with text: `{root, {{name, text}, ...}}`.
struct FlatXml {
  std::string root;
  std::vector<std::pair<std::string, std::string>> elements;
};
/// MalformedXML for anything else.
[[nodiscard]] Result<FlatXml> parse_flat_xml(std::string_view text);

}  // namespace stator::s3
