import { createTheme, rem, type ActionIconProps, type BadgeProps, type ButtonProps, type DrawerProps, type InputProps, type MantineColorsTuple, type MenuProps, type ModalProps, type NotificationProps, type PaperProps, type PasswordInputProps, type SelectProps, type TooltipProps } from "@mantine/core";
import type { CSSProperties } from "react";

// One accent: a deep teal. Shades 6 to 8 carry white text at 4.5:1 or better, 3 and 4 stand on the dark grounds.
const brand: MantineColorsTuple = ["#effaf8", "#d5f1ec", "#abe3da", "#79cfc3", "#48b5a8", "#2a978c", "#177a72", "#11645e", "#0e504c", "#0b3f3d"];
const gray: MantineColorsTuple = ["#f7f8f8", "#eff1f1", "#e3e6e7", "#d2d7d9", "#b3bbbe", "#8b9599", "#667176", "#4a5459", "#2f383c", "#1b2225"];
const dark: MantineColorsTuple = ["#dfe5e6", "#b7c1c4", "#94a0a4", "#6d797e", "#465156", "#333d41", "#252d30", "#1b2225", "#151b1d", "#0f1415"];

/** What the library's own `extend` returns as well, without loading each of these parts before the first screen. */
const part = <Props,>(look: { defaultProps?: Partial<Props>; styles?: Record<string, CSSProperties> }) => look;

/** The look of the app; `close` is the word for the crosses of dialogs and messages, `reveal` that for the eye of a password. */
export const themeIn = (close: string, reveal: string) =>
  createTheme({
  primaryColor: "brand",
  primaryShade: { light: 6, dark: 6 },
  colors: { brand, gray, dark },
  fontFamily: '"Inter Variable", "PingFang SC", "Noto Sans SC", "Microsoft YaHei", system-ui, sans-serif',
  fontFamilyMonospace: 'ui-monospace, "SF Mono", "JetBrains Mono", Menlo, monospace',
  fontSizes: { xs: rem(12), sm: rem(13), md: rem(14), lg: rem(16), xl: rem(20) },
  lineHeights: { xs: "1.35", sm: "1.4", md: "1.45", lg: "1.5", xl: "1.35" },
  headings: {
    fontWeight: "620",
    sizes: {
      h1: { fontSize: rem(20), lineHeight: "1.3" },
      h2: { fontSize: rem(16), lineHeight: "1.35" },
      h3: { fontSize: rem(14), lineHeight: "1.4" },
    },
  },
  spacing: { xs: rem(6), sm: rem(10), md: rem(16), lg: rem(24), xl: rem(36) },
  radius: { xs: rem(3), sm: rem(5), md: rem(7), lg: rem(10), xl: rem(16) },
  defaultRadius: "md",
  cursorType: "pointer",
  focusRing: "auto",
  respectReducedMotion: true,
  components: {
    Button: part<ButtonProps>({ defaultProps: { size: "sm" }, styles: { label: { fontWeight: 550 } } }),
    ActionIcon: part<ActionIconProps>({ defaultProps: { variant: "subtle", color: "gray" } }),
    Badge: part<BadgeProps>({ defaultProps: { variant: "light", radius: "sm" }, styles: { root: { textTransform: "none", fontWeight: 550 } } }),
    Input: part<InputProps>({ defaultProps: { size: "sm" } }),
    InputWrapper: { styles: { label: { fontWeight: 550, fontSize: rem(13), marginBottom: rem(3) } } },
    Select: part<SelectProps>({ defaultProps: { checkIconPosition: "right" } }),
    Modal: part<ModalProps>({
      defaultProps: { radius: "lg", closeButtonProps: { "aria-label": close }, overlayProps: { backgroundOpacity: 0.4 }, transitionProps: { transition: "fade", duration: 120 } },
      styles: { title: { fontWeight: 620, fontSize: rem(16), lineHeight: 1.3 } },
    }),
    Drawer: part<DrawerProps>({ defaultProps: { closeButtonProps: { "aria-label": close } }, styles: { title: { fontWeight: 620, fontSize: rem(16), lineHeight: 1.3 } } }),
    Menu: part<MenuProps>({ defaultProps: { withInitialFocusPlaceholder: false, shadow: "md", transitionProps: { transition: "fade", duration: 100 } } }),
    Notification: part<NotificationProps>({ defaultProps: { closeButtonProps: { "aria-label": close } } }),
    Paper: part<PaperProps>({ defaultProps: { withBorder: true, radius: "lg" } }),
    PasswordInput: part<PasswordInputProps>({ defaultProps: { visibilityToggleButtonProps: { "aria-label": reveal } } }),
    Tooltip: part<TooltipProps>({ defaultProps: { openDelay: 350, transitionProps: { duration: 100 } } }),
  },
});
