import { Component, type ReactNode } from "react";
import { ErrorState } from "~/ui/ErrorState";

/** What goes wrong in a card stays in it. */
export class CardBoundary extends Component<{ children: ReactNode }, { error?: unknown }> {
  override state: { error?: unknown } = {};

  static getDerivedStateFromError(error: unknown) {
    return { error };
  }

  override render() {
    if (this.state.error === undefined) return this.props.children;
    return <ErrorState compact error={this.state.error} onRetry={() => this.setState({ error: undefined })} />;
  }
}
