// A function that does nothing, so that what is measured is everything around it.
#include <string>

#include "lambda/lambda.hpp"

int main() {
  return lambda::run([](std::string_view) -> std::string { return "{}"; });
}
