// A table of text, 80 columns wide, whose last column wraps.
//
// A cell breaks after a space or a comma; a piece that is longer than the column also after '='
// and "..". What is longer still stands out on the right rather than being cut.
#ifndef IRQD_CLIENT_IRQCTL_TEXT_TABLE_H_
#define IRQD_CLIENT_IRQCTL_TEXT_TABLE_H_

#include <string>
#include <vector>

#include "absl/strings/string_view.h"

namespace irqd::irqctl {

inline constexpr size_t kTextWidth = 80;

// `text` in lines of at most `width` characters, without the spaces they were broken at.
std::vector<std::string> WrapText(absl::string_view text, size_t width);

class TextTable {
 public:
  struct Column {
    std::string title;
    bool align_right = false;  // for numbers; not for the last column
  };

  explicit TextTable(std::vector<Column> columns) : columns_(std::move(columns)) {}

  // As many cells as columns.
  void AddRow(std::vector<std::string> cells) { rows_.push_back(std::move(cells)); }

  // The titles and the rows, every line ended. No line ends in spaces.
  std::string Format() const;

 private:
  std::vector<Column> columns_;
  std::vector<std::vector<std::string>> rows_;
};

}  // namespace irqd::irqctl

#endif  // IRQD_CLIENT_IRQCTL_TEXT_TABLE_H_
