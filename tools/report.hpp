#pragma once

#include "tools/progress.hpp"

#include <cairn/core/result.hpp>

#include <boost/json/object.hpp>

#include <exception>
#include <string>
#include <string_view>

namespace cairn::tool {

/// Standard output can't be written to: thrown, and ends the command.
struct output_lost : std::exception {
    explicit output_lost(int why) : code(why) {}
    const char* what() const noexcept override { return "standard output was lost"; }
    int code;  ///< As errno has it.
};

/// What a command says: its output and its errors, as lines of text or of JSON.
///
/// Thread safety: none.
class report {
  public:
    /// @param quiet `done` prints nothing.
    report(bool json, bool quiet, progress_display& beside);

    bool is_json() const noexcept { return json_; }
    /// A line of output, kept until `flush`, or until there is much of it.
    void line(std::string_view text);
    void line(const boost::json::object& value);
    /// A thing that was done, "upload: a to s3://b/a", at once.
    /// @param dry it was not, and would have been.
    void done(std::string_view text, boost::json::object value, bool dry);
    void flush();

    /// One line on stderr: "cairn: rm s3://b/k: ... (what to do)". Nothing for what was cancelled
    /// and has left nothing behind.
    /// @param what the command and the object.
    /// @param about what JSON says of them, as `done` does.
    void failed(const std::string& what, boost::json::object about, const error& e);
    /// @param at the object, or empty.
    void failed(const std::string& command, const std::string& at, const error& e);
    bool has_failures() const noexcept { return failures_ > 0; }

  private:
    bool json_;
    bool quiet_;
    progress_display& beside_;
    std::string pending_;
    std::size_t failures_ = 0;
};

/// The line for an error of `what`.
std::string error_line(const std::string& what, error e);

/// Whether it is of what a cancellation has ended without a trace, of which nobody needs to hear.
bool is_untouched(const error& e);

/// Prints an error by itself: its line, or a line of JSON.
/// @param what, about as in `report::failed`.
void print_failure(bool json, const std::string& what, boost::json::object about, const error& e);

/// Prints the line of an error by itself.
void print_error(std::string_view line);

}  // namespace cairn::tool
